import { ApiProperty } from '@nestjs/swagger';
import { RUN_STATUSES, type RunStats, type RunStatus, type SyncRun } from './sync-runs.read-model.js';

const INSTANT = { format: 'date-time' } as const;
const MAYBE_INSTANT = { type: String, format: 'date-time', nullable: true } as const;
const MAYBE_TEXT = { type: String, nullable: true } as const;

/** A sync that was asked for. */
export class SyncStartedView {
  @ApiProperty()
  success!: boolean;

  @ApiProperty()
  message!: string;

  @ApiProperty({ format: 'uuid' })
  task_id!: string;

  @ApiProperty()
  user_id!: string;

  @ApiProperty({ format: 'uuid' })
  token_id!: string;

  @ApiProperty({ enum: ['incremental', 'full'] })
  sync_type!: 'incremental' | 'full';

  @ApiProperty(INSTANT)
  started_at!: string;

  @ApiProperty({ enum: ['PENDING'] })
  status!: 'PENDING';
}

/** One run of a sync. */
export class SyncView {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ format: 'uuid' })
  token_id!: string;

  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  task_id!: string | null;

  @ApiProperty({ enum: ['incremental', 'full'] })
  sync_type!: string;

  @ApiProperty({ enum: RUN_STATUSES })
  sync_status!: RunStatus;

  @ApiProperty(INSTANT)
  sync_started_at!: string;

  @ApiProperty(MAYBE_INSTANT)
  sync_completed_at!: string | null;

  @ApiProperty(MAYBE_INSTANT)
  sync_from_date!: string | null;

  @ApiProperty(MAYBE_INSTANT)
  sync_to_date!: string | null;

  @ApiProperty()
  orders_processed!: number;

  @ApiProperty()
  orders_added!: number;

  @ApiProperty()
  orders_updated!: number;

  @ApiProperty()
  orders_failed!: number;

  @ApiProperty(MAYBE_TEXT)
  error_message!: string | null;

  @ApiProperty(INSTANT)
  created_at!: string;

  @ApiProperty(INSTANT)
  updated_at!: string;
}

export class SyncListView {
  @ApiProperty({ type: [SyncView] })
  syncs!: SyncView[];

  @ApiProperty()
  total!: number;

  @ApiProperty()
  page!: number;

  @ApiProperty()
  per_page!: number;
}

export class SyncStatsView {
  @ApiProperty()
  total_syncs!: number;

  @ApiProperty()
  successful_syncs!: number;

  @ApiProperty()
  failed_syncs!: number;

  @ApiProperty()
  running_syncs!: number;

  @ApiProperty()
  total_orders_processed!: number;

  @ApiProperty()
  total_orders_added!: number;

  @ApiProperty()
  total_orders_updated!: number;

  @ApiProperty(MAYBE_INSTANT)
  last_sync_date!: string | null;

  @ApiProperty({ type: Number, nullable: true, description: 'Seconds.' })
  average_sync_duration!: number | null;
}

/** @param tokenId the one that was asked for; the run names the token that led */
export function syncView(run: SyncRun, tokenId = run.tokenId): SyncView {
  return {
    id: run.id,
    token_id: tokenId,
    task_id: run.taskId,
    sync_type: run.type,
    sync_status: run.status,
    sync_started_at: run.startedAt.toISOString(),
    sync_completed_at: run.completedAt?.toISOString() ?? null,
    sync_from_date: run.from?.toISOString() ?? null,
    sync_to_date: run.to?.toISOString() ?? null,
    orders_processed: run.processed,
    orders_added: run.added,
    orders_updated: run.updated,
    orders_failed: run.failed,
    error_message: run.error,
    created_at: run.createdAt.toISOString(),
    updated_at: run.updatedAt.toISOString(),
  };
}

export function syncStatsView(stats: RunStats): SyncStatsView {
  return {
    total_syncs: stats.total,
    successful_syncs: stats.completed,
    failed_syncs: stats.failed,
    running_syncs: stats.running,
    total_orders_processed: stats.processed,
    total_orders_added: stats.added,
    total_orders_updated: stats.updated,
    last_sync_date: stats.lastStartedAt?.toISOString() ?? null,
    average_sync_duration: stats.averageDuration,
  };
}
