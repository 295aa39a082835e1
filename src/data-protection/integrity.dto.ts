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

export class AccountVerificationQuery {
  @ApiProperty({ format: 'uuid', description: 'A token of the account to verify.' })
  @IsUUID('loose')
  token_id!: string;
}

export class VerificationStartedView {
  @ApiProperty({ format: 'uuid' })
  task_id!: string;

  @ApiProperty({ format: 'uuid' })
  token_id!: string;

  @ApiProperty({ enum: ['PENDING', 'STARTED', 'SUCCESS', 'FAILURE', 'REVOKED'] })
  status!: string;
}

export class FeedPositionView {
  @ApiProperty({ description: 'Grows when the database is restored into another cluster.' })
  epoch!: number;

  @ApiProperty()
  xid!: string;

  @ApiProperty()
  seq!: string;
}

export class HeadView {
  @ApiProperty({ type: String, nullable: true, description: 'Number of the last seal; null before the first.' })
  seal!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'SHA-256 in hex; stands for all seals up to this one.' })
  root!: string | null;

  @ApiProperty({ type: FeedPositionView, nullable: true })
  position!: FeedPositionView | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  sealed_at!: string | null;

  @ApiProperty({ type: Number, nullable: true, description: 'A quiet log is not sealed again: look at unsealed_age_seconds for what is overdue.' })
  age_seconds!: number | null;

  @ApiProperty({ type: String, nullable: true })
  key_id!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Ed25519 over the root, base64.' })
  signature!: string | null;

  @ApiProperty({ description: 'Counted up to 10,000.' })
  unsealed_events!: number;

  @ApiProperty()
  unsealed_age_seconds!: number;
}
