import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, ArrayUnique, IsArray, IsOptional, IsString, IsUUID, Matches, MaxLength } from 'class-validator';
import { ANY_VALUE } from '../platform/http/docs/any-value.js';
import { ClampedIntQuery, CursorQuery, IntQuery, RequiredInstant } from '../platform/http/query-decorators.js';

/** As many as one plan may put back. */
const MOST_NAMED = 500;
/** A reason is a sentence, not a document. */
const LONGEST_REASON = 500;
const MAYBE_TEXT = { type: String, nullable: true } as const;

export class RestorePlanBody {
  @ApiProperty({ format: 'uuid' })
  @IsUUID('loose')
  token_id!: string;

  @RequiredInstant({ description: 'What the orders are put back to: what we knew at this instant.', example: '2026-03-01T12:00:00Z' })
  as_of!: Date;

  @ApiPropertyOptional({
    nullable: true,
    type: [String],
    maxItems: MOST_NAMED,
    description: 'These orders; all orders of the account that differ when absent.',
  })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_NAMED)
  @ArrayUnique((id: unknown) => String(id).toLowerCase())
  @Matches(/^[\x21-\x7e]{1,100}$/, { each: true, message: 'each of order_ids must be the id of an order' })
  order_ids?: string[];

  @CursorQuery({ nullable: true, description: '`next_plan_cursor` of the plan before, where an account needs several.' })
  cursor?: string;
}

export class RestoreQuery {
  @ApiProperty({ format: 'uuid' })
  @IsUUID('loose')
  token_id!: string;
}

export class RestorePlansQuery extends RestoreQuery {
  @ClampedIntQuery({ min: 1, max: 100, fallback: 20, description: 'Newest first; more than 100 is cut to 100.' })
  limit = 20;
}

export class RestorePlanQuery extends RestoreQuery {
  @IntQuery({ min: 1, max: 50, fallback: 20, description: 'Orders a page; their changes are read from the log.' })
  limit = 20;

  @CursorQuery()
  cursor?: string;
}

export class ApplyPlanQuery extends RestoreQuery {
  @ApiPropertyOptional({ description: 'Why, for the audit trail.' })
  @IsOptional()
  @IsString()
  @MaxLength(LONGEST_REASON)
  reason?: string;
}

export class RestoreChangeView {
  @ApiProperty({ example: 'fulfillment.status' }) path!: string;
  @ApiProperty({ ...ANY_VALUE, description: 'Before the application. `[erased]` where the buyer was erased.' }) old!: unknown;
  @ApiProperty({ ...ANY_VALUE, description: 'After it. What was erased stays so.' }) new!: unknown;
}

export class RestoreOrderView {
  @ApiProperty() order_id!: string;
  @ApiProperty({ description: 'Version of the order when the plan was made; the plan is refused once it has moved.' }) version!: number;
  @ApiProperty({ description: 'Version the order is put back to.' }) restored_version!: number;
  @ApiProperty({ type: [RestoreChangeView] }) changes!: RestoreChangeView[];
}

export class RestorePlanSummaryView {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ enum: ['open', 'expired', 'applied'] }) status!: string;
  @ApiProperty({ format: 'date-time' }) as_of!: string;
  @ApiProperty({ description: 'How many orders the plan puts back.' }) orders_to_restore!: number;
  @ApiProperty({ type: [String], description: 'Orders left as they are, because another one replaced them.' }) left_out!: readonly string[];
  @ApiProperty({ description: 'SHA-256 of what the plan was computed from: the tip of every order’s hash chain, and where each goes back to.' }) hash!: string;
  @ApiProperty() created_by!: string;
  @ApiProperty({ format: 'date-time' }) created_at!: string;
  @ApiProperty({ format: 'date-time', description: 'Not applied any more from then on.' }) expires_at!: string;
  @ApiProperty({ ...MAYBE_TEXT, format: 'date-time' }) applied_at!: string | null;
  @ApiProperty(MAYBE_TEXT) applied_by!: string | null;
  @ApiProperty({ ...MAYBE_TEXT, description: 'The account has more orders than one plan holds: the `cursor` of the next plan.' })
  next_plan_cursor!: string | null;
}

export class RestorePlanView extends RestorePlanSummaryView {
  @ApiProperty({ type: [RestoreOrderView], description: 'One page of them, by order id.' }) orders!: RestoreOrderView[];
  @ApiProperty({ ...MAYBE_TEXT, description: 'Ask for the next page of orders with it as `cursor`; null on the last one.' }) next_cursor!: string | null;
}

export class RestorePlanListView {
  @ApiProperty({ type: [RestorePlanSummaryView] }) plans!: RestorePlanSummaryView[];
}
