import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';

export type ScheduleStatus = 'idle' | 'due' | 'running' | 'held' | 'failing' | 'inactive';

/** A token's automatic sync as people see it. */
export interface Schedule {
  readonly tokenId: string;
  readonly intervalMinutes: number;
  readonly status: ScheduleStatus;
  readonly nextRunAt: Date | null;
  readonly lastRunAt: Date | null;
  readonly lastSuccessAt: Date | null;
  readonly lastError: string | null;
  readonly consecutiveFailures: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

const COLUMNS = `token_id as "tokenId", interval_minutes as "intervalMinutes", status, next_run_at as "nextRunAt", last_run_at as "lastRunAt",
  last_success_at as "lastSuccessAt", last_error as "lastError", consecutive_failures as "consecutiveFailures", created_at as "createdAt",
  updated_at as "updatedAt"`;

/** The active schedules. */
@Injectable()
export class ScheduleReadModel {
  constructor(private readonly database: Database) {}

  /** All of a tenant, newest first. */
  async active(tenantId: string): Promise<Schedule[]> {
    const sql = `select ${COLUMNS} from sync_schedules where tenant_id = $1 and is_active order by created_at desc, token_id`;
    return this.database.query<Schedule>(sql, [tenantId]);
  }

  /** That of one token; null when it is off. */
  async ofToken(tenantId: string, tokenId: string): Promise<Schedule | null> {
    const sql = `select ${COLUMNS} from sync_schedules where token_id = $2 and tenant_id = $1 and is_active`;
    const [schedule] = await this.database.query<Schedule>(sql, [tenantId, tokenId]);
    return schedule ?? null;
  }
}
