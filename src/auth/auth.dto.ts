import { ApiProperty } from '@nestjs/swagger';
import { IsString, Length } from 'class-validator';
import type { JsonObject } from '../core/json.js';
import { VisibleText } from '../platform/http/text-decorator.js';

/** Allegro's codes have 32 characters; room for other servers. */
const LONGEST_DEVICE_CODE = 1_024;

/** Room for any name a person writes; the column holds as many. */
const LONGEST_ACCOUNT_NAME = 255;

export class InitializeBody {
  @ApiProperty({ description: 'The name you give the account; unique among your active tokens.' })
  @VisibleText(LONGEST_ACCOUNT_NAME)
  account_name!: string;
}

export class AuthStatusBody extends InitializeBody {
  @ApiProperty()
  @IsString()
  @Length(1, LONGEST_DEVICE_CODE)
  device_code!: string;
}

export class InitializeView {
  @ApiProperty()
  device_code!: string;

  @ApiProperty()
  user_code!: string;

  @ApiProperty()
  verification_uri!: string;

  @ApiProperty()
  verification_uri_complete!: string;

  @ApiProperty({ description: 'Seconds the seller has to give consent.' })
  expires_in!: number;

  @ApiProperty({ description: 'Seconds between two polls of the service.' })
  interval!: number;

  @ApiProperty({ format: 'uuid' })
  task_id!: string;
}

export class AuthStatusView {
  @ApiProperty({ enum: ['pending', 'completed', 'failed', 'expired'] })
  status!: string;

  @ApiProperty()
  message!: string;
}

export class AuthTaskView {
  @ApiProperty({ format: 'uuid' })
  task_id!: string;

  @ApiProperty({ enum: ['PENDING', 'STARTED', 'SUCCESS', 'FAILURE', 'REVOKED'] })
  status!: string;

  @ApiProperty({ type: 'object', additionalProperties: true, nullable: true, example: { token_id: '0199c3de-70c1-7a54-9b2f-3d1e5f7a9c02' } })
  result!: JsonObject | null;

  @ApiProperty({ type: 'object', additionalProperties: true, nullable: true, example: null })
  progress!: JsonObject | null;
}
