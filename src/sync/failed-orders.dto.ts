import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, Length } from 'class-validator';
import type { JsonValue } from '../core/json.js';
import { ANY_VALUE } from '../platform/http/docs/any-value.js';
import { ClampedIntQuery, IntQuery } from '../platform/http/query-decorators.js';
import type { Task } from '../platform/jobs/task.js';
import type { FailedOrder, FailedOrderDetail } from './failed-orders.read-model.js';
import type { OwedReason } from './owed-form.js';
import { TokenIdBody, TokenIdQuery } from './sync.dto.js';

const REASONS: readonly OwedReason[] = ['dirty', 'unavailable', 'missing', 'forbidden', 'malformed', 'unreadable'];
/** Orders without their answers: a page is small. */
const MOST_PER_PAGE = 200;
/** Deeper than any list of failures. */
const DEEPEST_OFFSET = 1_000_000;
/** Longer than any type there is. */
const LONGEST_TASK_TYPE = 100;
const MAYBE_INSTANT = { type: String, format: 'date-time', nullable: true } as const;
const MAYBE_TEXT = { type: String, nullable: true } as const;

export class FailedOrdersQuery extends TokenIdQuery {
  @ApiPropertyOptional({ enum: REASONS })
  @IsOptional()
  @IsIn(REASONS)
  reason?: OwedReason;

  @ClampedIntQuery({ min: 1, max: MOST_PER_PAGE, fallback: 50 })
  limit = 50;

  @IntQuery({ min: 0, max: DEEPEST_OFFSET, fallback: 0 })
  offset = 0;
}

export class RetryOrdersBody extends TokenIdBody {
  @ApiPropertyOptional({ enum: REASONS, nullable: true, description: 'Only orders that failed for this reason; without it all.' })
  @IsOptional()
  @IsIn(REASONS)
  reason?: OwedReason;
}

export class RetryTasksBody {
  @ApiPropertyOptional({ type: String, nullable: true, example: 'sync_full', description: 'Only tasks of this type; without it all that can be tried again.' })
  @IsOptional()
  @IsString()
  @Length(1, LONGEST_TASK_TYPE)
  task_type?: string;
}

export class FailedOrderView {
  @ApiProperty()
  order_id!: string;

  @ApiProperty({ enum: REASONS, description: '`missing`: Allegro answers 404 (merged or gone); `dirty`: waits for a paused account.' })
  reason!: OwedReason;

  @ApiProperty()
  attempts!: number;

  @ApiProperty({ description: 'Failures in a row while other orders could be read.' })
  consecutive_failures!: number;

  @ApiProperty({ ...MAYBE_INSTANT, description: 'Since when it counts as the order’s own fault.' })
  parked_at!: string | null;

  @ApiProperty({ format: 'date-time' })
  next_try_at!: string;

  @ApiProperty(MAYBE_TEXT)
  last_error!: string | null;

  @ApiProperty({ type: Number, nullable: true })
  allegro_status!: number | null;

  @ApiProperty(MAYBE_TEXT)
  allegro_trace_id!: string | null;

  @ApiProperty({ format: 'date-time' })
  owed_since!: string;

  @ApiProperty({ format: 'date-time' })
  updated_at!: string;
}

export class FailedOrdersView {
  @ApiProperty({ type: [FailedOrderView] })
  orders!: FailedOrderView[];

  @ApiProperty()
  total!: number;
}

export class FailedTryView {
  @ApiProperty({ format: 'date-time' })
  at!: string;

  @ApiProperty()
  reason!: string;

  @ApiProperty()
  error!: string;

  @ApiProperty({ type: Number, nullable: true })
  allegro_status!: number | null;

  @ApiProperty(MAYBE_TEXT)
  allegro_trace_id!: string | null;
}

export class FailedOrderDetailView extends FailedOrderView {
  @ApiProperty({
    ...ANY_VALUE,
    example: { errors: [{ code: 'INTERNAL_ERROR' }] },
    description: 'What Allegro answered last, whole; null when it did not answer.',
  })
  answer!: unknown;

  @ApiProperty(MAYBE_TEXT)
  answer_content_type!: string | null;

  @ApiProperty({ type: [FailedTryView], description: 'The last 20, oldest first.' })
  tries!: FailedTryView[];
}

export class RetriedOrdersView {
  @ApiProperty({ type: [String] })
  order_ids!: string[];

  @ApiProperty({ ...MAYBE_TEXT, format: 'uuid', description: 'The sync that reads them.' })
  task_id!: string | null;
}

export class RetriedTaskView {
  @ApiProperty({ format: 'uuid', description: 'The new task.' })
  task_id!: string;

  @ApiProperty({ ...MAYBE_TEXT, format: 'uuid', description: 'The failed one.' })
  retry_of!: string | null;

  @ApiProperty()
  task_type!: string;
}

export class RetriedTasksView {
  @ApiProperty({ type: [RetriedTaskView] })
  tasks!: RetriedTaskView[];
}

export function failedOrderView(order: FailedOrder): FailedOrderView {
  return {
    order_id: order.orderId,
    reason: order.reason,
    attempts: order.attempts,
    consecutive_failures: order.consecutive,
    parked_at: order.parkedAt?.toISOString() ?? null,
    next_try_at: order.nextTryAt.toISOString(),
    last_error: order.error,
    allegro_status: order.allegroStatus,
    allegro_trace_id: order.traceId,
    owed_since: order.owedSince.toISOString(),
    updated_at: order.updatedAt.toISOString(),
  };
}

export function failedOrderDetailView(order: FailedOrderDetail, answer: JsonValue): FailedOrderDetailView {
  const tries = order.tries.map(({ trace_id: traceId, ...attempt }) => ({ ...attempt, allegro_trace_id: traceId }));
  return { ...failedOrderView(order), answer, answer_content_type: order.answerContentType, tries };
}

export function retriedTaskView(task: Task): RetriedTaskView {
  return { task_id: task.id, retry_of: task.parentTaskId, task_type: task.taskType };
}
