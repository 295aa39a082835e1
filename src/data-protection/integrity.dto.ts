import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsNotEmpty, IsOptional, IsString, IsUUID, MaxLength } from 'class-validator';

/** Allegro's ids have 36 characters; room for ids of another shape. */
const LONGEST_ORDER_ID = 100;

export class VerifyQuery {
  @ApiProperty({ format: 'uuid', description: 'A token of the account to verify.' })
  @IsUUID()
  token_id!: string;

  @ApiPropertyOptional({ description: 'Only this order; without it every stream of the account.' })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(LONGEST_ORDER_ID)
  order_id?: string;
}

export class FlawView {
  @ApiProperty({ description: "The order; '' is the account's own stream." })
  order_id!: string;

  @ApiProperty({ description: 'Version of the first event that is not what was appended.' })
  version!: number;

  @ApiProperty({ enum: ['altered', 'broken_link', 'missing_version', 'foreign_stream', 'head_differs'] })
  flaw!: string;
}

export class VerificationView {
  @ApiProperty({ description: 'True when every event is what was appended.' })
  verified!: boolean;

  @ApiProperty()
  streams!: number;

  @ApiProperty()
  events!: number;

  @ApiProperty({ type: [FlawView] })
  flaws!: FlawView[];

  @ApiProperty({ format: 'date-time' })
  checked_at!: string;
}
