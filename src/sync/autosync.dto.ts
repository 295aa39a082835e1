import { ApiProperty } from '@nestjs/swagger';
import type { Schedule, ScheduleStatus } from './sync-schedules.read-model.js';

const MAYBE_INSTANT = { type: String, format: 'date-time', nullable: true } as const;
const ACTIVE_STATUSES: readonly ScheduleStatus[] = ['idle', 'due', 'running', 'held', 'failing'];

/** Automatic sync of a token. */
export class AutosyncView {
  @ApiProperty({ format: 'uuid' })
  token_id!: string;

  @ApiProperty()
  interval_minutes!: number;

  @ApiProperty({ enum: ACTIVE_STATUSES, description: 'held: no token of the account works, it waits for its seller.' })
  status!: ScheduleStatus;

  @ApiProperty(MAYBE_INSTANT)
  next_run_at!: string | null;

  @ApiProperty(MAYBE_INSTANT)
  last_run_at!: string | null;

  @ApiProperty(MAYBE_INSTANT)
  last_success_at!: string | null;

  @ApiProperty({ type: String, nullable: true })
  last_error!: string | null;

  @ApiProperty()
  consecutive_failures!: number;

  @ApiProperty({ format: 'date-time' })
  created_at!: string;

  @ApiProperty({ format: 'date-time' })
  updated_at!: string;
}

/** Whether a token syncs by itself; everything else is null when it does not. */
export class AutosyncStatusView {
  @ApiProperty({ format: 'uuid' })
  token_id!: string;

  @ApiProperty()
  is_active!: boolean;

  @ApiProperty({ type: Number, nullable: true })
  interval_minutes!: number | null;

  @ApiProperty({ enum: ACTIVE_STATUSES, nullable: true })
  status!: ScheduleStatus | null;

  @ApiProperty({ type: String, nullable: true })
  task_name!: string | null;

  @ApiProperty(MAYBE_INSTANT)
  next_run_at!: string | null;

  @ApiProperty(MAYBE_INSTANT)
  last_run_at!: string | null;

  @ApiProperty(MAYBE_INSTANT)
  last_success_at!: string | null;

  @ApiProperty({ type: String, nullable: true })
  last_error!: string | null;

  @ApiProperty({ type: Number, nullable: true })
  consecutive_failures!: number | null;

  @ApiProperty(MAYBE_INSTANT)
  created_at!: string | null;

  @ApiProperty(MAYBE_INSTANT)
  updated_at!: string | null;
}

export class AutosyncActivatedView {
  @ApiProperty()
  message!: string;

  @ApiProperty({ format: 'uuid' })
  token_id!: string;

  @ApiProperty()
  interval_minutes!: number;
}

export class AutosyncDeactivatedView {
  @ApiProperty()
  message!: string;

  @ApiProperty({ format: 'uuid' })
  token_id!: string;
}

export function autosyncView(schedule: Schedule): AutosyncView {
  return {
    token_id: schedule.tokenId,
    interval_minutes: schedule.intervalMinutes,
    status: schedule.status,
    next_run_at: schedule.nextRunAt?.toISOString() ?? null,
    last_run_at: schedule.lastRunAt?.toISOString() ?? null,
    last_success_at: schedule.lastSuccessAt?.toISOString() ?? null,
    last_error: schedule.lastError,
    consecutive_failures: schedule.consecutiveFailures,
    created_at: schedule.createdAt.toISOString(),
    updated_at: schedule.updatedAt.toISOString(),
  };
}

const INACTIVE: Omit<AutosyncStatusView, 'token_id'> = {
  is_active: false,
  interval_minutes: null,
  status: null,
  task_name: null,
  next_run_at: null,
  last_run_at: null,
  last_success_at: null,
  last_error: null,
  consecutive_failures: null,
  created_at: null,
  updated_at: null,
};

export function autosyncStatusView(tokenId: string, schedule: Schedule | null): AutosyncStatusView {
  if (!schedule) return { token_id: tokenId, ...INACTIVE };
  return { ...autosyncView(schedule), is_active: true, task_name: `sync_${tokenId}_periodic` };
}
