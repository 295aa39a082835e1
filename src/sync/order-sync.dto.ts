import { ApiProperty } from '@nestjs/swagger';
import { RUN_STATUSES, type SyncRun } from './sync-runs.read-model.js';

const MAYBE_INSTANT = { type: String, format: 'date-time', nullable: true } as const;

/** One run of a sync, in the words of the orders' calls. */
export class OrderSyncRunView {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ enum: ['incremental', 'full'] })
  sync_type!: string;

  @ApiProperty({ enum: RUN_STATUSES })
  status!: string;

  @ApiProperty({ format: 'date-time' })
  started_at!: string;

  @ApiProperty(MAYBE_INSTANT)
  completed_at!: string | null;

  @ApiProperty()
  orders_processed!: number;

  @ApiProperty()
  orders_created!: number;

  @ApiProperty()
  orders_updated!: number;

  @ApiProperty()
  orders_failed!: number;

  @ApiProperty({ type: String, nullable: true })
  error_message!: string | null;

  @ApiProperty({ type: Number, nullable: true })
  duration_seconds!: number | null;
}

export class OrderSyncHistoryView {
  @ApiProperty({ type: [OrderSyncRunView] })
  history!: OrderSyncRunView[];

  @ApiProperty()
  total_records!: number;
}

export class OrderRefreshedView {
  @ApiProperty()
  success!: boolean;

  @ApiProperty()
  order_id!: string;

  @ApiProperty({ enum: ['created', 'updated', 'skipped'] })
  action!: 'created' | 'updated' | 'skipped';

  @ApiProperty()
  message!: string;
}

export class OrderStatusesView {
  @ApiProperty({ type: [String], description: 'Of both axes, each once.' })
  available_statuses!: string[];

  @ApiProperty({ type: [String] })
  order_statuses!: string[];

  @ApiProperty({ type: [String] })
  fulfillment_statuses!: string[];

  @ApiProperty()
  description!: string;

  @ApiProperty()
  user_id!: string;
}

export class OrdersHealthView {
  @ApiProperty({ enum: ['healthy', 'degraded'] })
  status!: 'healthy' | 'degraded';

  @ApiProperty()
  user_id!: string;

  @ApiProperty({ enum: ['ok'] })
  database_connection!: 'ok';

  @ApiProperty({ enum: ['ok', 'throttled', 'unreachable', 'unauthorized'] })
  allegro_api_status!: string;

  @ApiProperty({ ...MAYBE_INSTANT, description: 'When a sync of the account last ended well.' })
  last_sync!: string | null;

  @ApiProperty()
  orders_count!: number;

  @ApiProperty({ format: 'date-time' })
  check_time!: string;
}

export function orderSyncRunView(run: SyncRun): OrderSyncRunView {
  return {
    id: run.id,
    sync_type: run.type,
    status: run.status,
    started_at: run.startedAt.toISOString(),
    completed_at: run.completedAt?.toISOString() ?? null,
    orders_processed: run.processed,
    orders_created: run.added,
    orders_updated: run.updated,
    orders_failed: run.failed,
    error_message: run.error,
    duration_seconds: run.durationSeconds,
  };
}
