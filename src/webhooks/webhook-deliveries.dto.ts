import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, Length } from 'class-validator';
import { ClampedIntQuery, CursorQuery } from '../platform/http/query-decorators.js';
import { EVENT_TYPES, WEBHOOK_PING } from './event-types.js';
import { type Delivery, type DeliveryAttempt, DELIVERY_STATES, type DeliveryState } from './webhook-deliveries.read-model.js';
import { messageIdOf } from './webhook-message.js';

const MOST_PER_PAGE = 200;
/** Longer than any order's. */
const LONGEST_ORDER_ID = 200;
const LOGGED_TYPES = [...EVENT_TYPES, WEBHOOK_PING];
const MAYBE_TEXT = { type: String, nullable: true } as const;

export class DeliveriesQuery {
  @ApiPropertyOptional({ enum: DELIVERY_STATES })
  @IsOptional()
  @IsIn(DELIVERY_STATES)
  state?: DeliveryState;

  @ApiPropertyOptional({ enum: LOGGED_TYPES })
  @IsOptional()
  @IsIn(LOGGED_TYPES)
  type?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @Length(1, LONGEST_ORDER_ID)
  order_id?: string;

  @CursorQuery()
  cursor?: string;

  @ClampedIntQuery({ min: 1, max: MOST_PER_PAGE, fallback: 50 })
  limit = 50;
}

export class DeliveryView {
  @ApiProperty({ description: '`webhook-id` of all its attempts.', example: 'msg_0190aaaabbbb4ccc8dddeeeeffff0000' }) message_id!: string;
  @ApiProperty({ enum: LOGGED_TYPES }) type!: string;
  @ApiProperty(MAYBE_TEXT) account_id!: string | null;
  @ApiProperty(MAYBE_TEXT) order_id!: string | null;
  @ApiProperty({ type: Number, nullable: true }) version!: number | null;
  @ApiProperty({ type: Number, nullable: true, description: 'Ascends within an order.' }) sequence!: number | null;
  @ApiProperty({ type: [String], example: ['status'] }) changed!: readonly string[];
  @ApiProperty({ format: 'date-time' }) announced_at!: string;
  @ApiProperty({ enum: DELIVERY_STATES }) state!: DeliveryState;
  @ApiProperty({ example: 1 }) attempts!: number;
  @ApiProperty({ ...MAYBE_TEXT, description: 'Of the last attempt: `delivered`, `refused` (another status than 2xx), or why there was no answer.' })
  last_outcome!: string | null;
  @ApiProperty({ type: Number, nullable: true, description: 'HTTP status of the last attempt.' }) last_status!: number | null;
  @ApiProperty({ ...MAYBE_TEXT, format: 'date-time', description: 'Not before the earlier ones of the same order.' }) next_attempt_at!: string | null;
  @ApiProperty({ format: 'date-time' }) give_up_at!: string;
  @ApiProperty({ format: 'date-time' }) created_at!: string;
  @ApiProperty({ ...MAYBE_TEXT, format: 'date-time' }) finished_at!: string | null;
}

class AttemptView {
  @ApiProperty({ example: 1 }) attempt!: number;
  @ApiProperty({ format: 'date-time' }) started_at!: string;
  @ApiProperty({ example: 120 }) duration_ms!: number;
  @ApiProperty({ example: 'timeout' }) outcome!: string;
  @ApiProperty({ type: Number, nullable: true }) status!: number | null;
  @ApiProperty({ ...MAYBE_TEXT, description: 'How the answer began; of failed attempts alone. Text of a stranger: show it as text.' }) answer!: string | null;
}

export class DeliveryDetailView extends DeliveryView {
  @ApiProperty({ type: [AttemptView], description: 'Newest first.' }) attempts_log!: AttemptView[];
}

export class DeliveryListView {
  @ApiProperty({ type: [DeliveryView] }) deliveries!: DeliveryView[];
  @ApiProperty({ ...MAYBE_TEXT, description: 'Null on the last page.' }) next_cursor!: string | null;
}

const text = (instant: Date | null): string | null => instant?.toISOString() ?? null;

export function deliveryView(delivery: Delivery): DeliveryView {
  return {
    message_id: messageIdOf(delivery.id),
    type: delivery.topic,
    account_id: delivery.accountId,
    order_id: delivery.orderId === '' ? null : delivery.orderId,
    version: delivery.version,
    sequence: delivery.sequence === null ? null : Number(delivery.sequence),
    changed: delivery.changed,
    announced_at: delivery.announcedAt.toISOString(),
    state: delivery.state,
    attempts: delivery.attempts,
    last_outcome: delivery.lastOutcome,
    last_status: delivery.lastStatus,
    next_attempt_at: delivery.state === 'owed' ? delivery.nextAttemptAt.toISOString() : null,
    give_up_at: delivery.giveUpAt.toISOString(),
    created_at: delivery.createdAt.toISOString(),
    finished_at: text(delivery.finishedAt),
  };
}

export function deliveryDetailView(delivery: Delivery, attempts: readonly DeliveryAttempt[]): DeliveryDetailView {
  const log = attempts.map(({ attempt, startedAt, durationMs, outcome, status, answer }) => {
    return { attempt, started_at: startedAt.toISOString(), duration_ms: durationMs, outcome, status, answer };
  });
  return { ...deliveryView(delivery), attempts_log: log };
}
