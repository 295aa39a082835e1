import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsEmail, IsOptional, IsString, IsUUID, Length } from 'class-validator';
import { ClampedIntQuery, IntQuery } from '../platform/http/query-decorators.js';
import type { Erasure } from './erasures.read-model.js';

/** Allegro's ids have 36 characters; room for ids of another shape. */
const LONGEST_ID = 100;
/** RFC 5321. */
const LONGEST_EMAIL = 254;
/** A sentence or a ticket; three letters are the least that say something. */
const REASON_LENGTH = [3, 500] as const;
/** Receipts are small. */
const MOST_PER_PAGE = 200;
/** More erasures than any seller will have. */
const DEEPEST_OFFSET = 1_000_000;

export class EraseBuyerBody {
  @ApiProperty({ format: 'uuid', description: 'A token of the seller whose buyer it is.' })
  @IsUUID('loose')
  token_id!: string;

  @ApiPropertyOptional({ type: String, nullable: true, description: 'An order of the buyer.', example: '29738e61-7f6a-11e8-ac45-09db60ede9d6' })
  @IsOptional()
  @IsString()
  @Length(1, LONGEST_ID)
  order_id?: string;

  @ApiPropertyOptional({ type: String, nullable: true, description: "Allegro's id of the buyer." })
  @IsOptional()
  @IsString()
  @Length(1, LONGEST_ID)
  buyer_id?: string;

  @ApiPropertyOptional({ type: String, nullable: true, description: "The buyer's login at Allegro." })
  @IsOptional()
  @IsString()
  @Length(1, LONGEST_ID)
  login?: string;

  @ApiPropertyOptional({ type: String, nullable: true, description: "The buyer's e-mail as Allegro shows it to the seller." })
  @IsOptional()
  @IsEmail()
  @Length(1, LONGEST_EMAIL)
  email?: string;

  @ApiProperty({ description: 'Why, for the receipt: a ticket number, never who.', example: 'GDPR request, ticket 4711' })
  @IsString()
  @Length(...REASON_LENGTH)
  reason!: string;
}

export class ErasureQuery {
  @ApiProperty({ format: 'uuid', description: 'A token of the seller.' })
  @IsUUID('loose')
  token_id!: string;
}

export class ErasuresQuery extends ErasureQuery {
  @ClampedIntQuery({ min: 1, max: MOST_PER_PAGE, fallback: 50 })
  limit = 50;

  @IntQuery({ min: 0, max: DEEPEST_OFFSET, fallback: 0 })
  offset = 0;
}

export class CleanedView {
  @ApiProperty({ example: 'orders', description: 'Where copies are kept.' })
  holder!: string;

  @ApiProperty({ example: 3 })
  copies!: number;

  @ApiProperty({ format: 'date-time' })
  cleaned_at!: string;
}

export class ErasureView {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ format: 'uuid' })
  token_id!: string;

  @ApiProperty({ enum: ['cleaning', 'completed'], description: 'cleaning: nothing personal can be read from the log any more, copies are being cleaned.' })
  status!: 'cleaning' | 'completed';

  @ApiProperty({ example: 'olga' })
  requested_by!: string;

  @ApiProperty({ example: 'GDPR request, ticket 4711' })
  reason!: string;

  @ApiProperty({ enum: ['request', 'list'], description: 'list: applied again from the erasure list, after an older copy of the database was restored.' })
  origin!: 'request' | 'list';

  @ApiProperty({ format: 'date-time', description: 'When the keys were destroyed.' })
  erased_at!: string;

  @ApiProperty({ format: 'date-time', description: 'Purchases after it are new ones and are kept.' })
  until!: string;

  @ApiProperty({ example: 3, description: 'Orders whose keys were destroyed.' })
  orders!: number;

  @ApiProperty({ example: 0, description: 'Journal events without an order whose keys were destroyed.' })
  events!: number;

  @ApiProperty({ type: [CleanedView], description: 'What was cleaned where.' })
  cleaned!: CleanedView[];

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When it was written to the list outside the database; null: no list is kept.',
  })
  listed_at!: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  completed_at!: string | null;

  @ApiProperty({ type: String, format: 'uuid', nullable: true, description: 'The task that cleans the copies.' })
  task_id!: string | null;
}

export class ErasureListView {
  @ApiProperty({ type: [ErasureView] })
  erasures!: ErasureView[];

  @ApiProperty()
  total!: number;
}

export function erasureView(erasure: Erasure, tokenId: string): ErasureView {
  return {
    id: erasure.id,
    token_id: tokenId,
    status: erasure.completedAt ? 'completed' : 'cleaning',
    requested_by: erasure.requestedBy,
    reason: erasure.reason,
    origin: erasure.origin,
    erased_at: erasure.erasedAt.toISOString(),
    until: erasure.until.toISOString(),
    orders: erasure.orders,
    events: erasure.events,
    cleaned: Object.entries(erasure.cleaned).map(([holder, { copies, cleaned_at }]) => ({ holder, copies, cleaned_at })),
    listed_at: erasure.listedAt?.toISOString() ?? null,
    completed_at: erasure.completedAt?.toISOString() ?? null,
    task_id: erasure.taskId,
  };
}
