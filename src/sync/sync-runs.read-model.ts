import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';

export const RUN_STATUSES = ['RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED'] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

/** A kept run: asked for by a person, changed something, or failed. */
export interface SyncRun {
  readonly id: string;
  readonly tokenId: string;
  readonly taskId: string | null;
  readonly type: 'incremental' | 'full';
  readonly status: RunStatus;
  readonly startedAt: Date;
  readonly completedAt: Date | null;
  readonly from: Date | null;
  readonly to: Date | null;
  readonly processed: number;
  readonly added: number;
  readonly updated: number;
  readonly failed: number;
  readonly error: string | null;
  /** Null while it runs. */
  readonly durationSeconds: number | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface RunFilter {
  readonly tenantId: string;
  readonly accountId: string | null;
  readonly status: RunStatus | null;
  /** Start of the run, both ends inclusive. */
  readonly from: Date | null;
  readonly to: Date | null;
}

export interface RunStats {
  readonly total: number;
  readonly completed: number;
  readonly failed: number;
  readonly running: number;
  readonly processed: number;
  readonly added: number;
  readonly updated: number;
  readonly lastStartedAt: Date | null;
  /** Seconds, over the runs that ended; null when none did. */
  readonly averageDuration: number | null;
}

const SECONDS = `extract(epoch from sync_completed_at - sync_started_at)::float8`;

const COLUMNS = `id, token_id as "tokenId", task_id as "taskId", sync_type as type, sync_status as status, sync_started_at as "startedAt",
  sync_completed_at as "completedAt", sync_from_date as "from", sync_to_date as "to", orders_processed as processed, orders_added as added,
  orders_updated as updated, orders_failed as failed, error_message as error, ${SECONDS} as "durationSeconds", created_at as "createdAt",
  updated_at as "updatedAt"`;

const MATCHES = `tenant_id = $1 and ($2::bigint is null or account_id = $2) and ($3::text is null or sync_status = $3)
  and ($4::timestamptz is null or sync_started_at >= $4) and ($5::timestamptz is null or sync_started_at <= $5)`;

const STATS = `select count(*)::float8 as total, count(*) filter (where sync_status = 'COMPLETED')::float8 as completed,
    count(*) filter (where sync_status = 'FAILED')::float8 as failed, count(*) filter (where sync_status = 'RUNNING')::float8 as running,
    coalesce(sum(orders_processed), 0)::float8 as processed, coalesce(sum(orders_added), 0)::float8 as added,
    coalesce(sum(orders_updated), 0)::float8 as updated, max(sync_started_at) as "lastStartedAt", avg(${SECONDS}) as "averageDuration"
  from sync_runs where ${MATCHES}`;

/** Nobody runs more accounts at once; a list without pages must have an end. */
const MOST_RUNNING = 1_000;

/** The history of syncs as clients read it. */
@Injectable()
export class SyncRuns {
  constructor(private readonly database: Database) {}

  /** Newest first. */
  async list(filter: RunFilter, page: { limit: number; offset: number }): Promise<SyncRun[]> {
    const sql = `select ${COLUMNS} from sync_runs where ${MATCHES} order by sync_started_at desc, id desc limit $6 offset $7`;
    return this.database.query<SyncRun>(sql, [...values(filter), page.limit, page.offset]);
  }

  async count(filter: RunFilter): Promise<number> {
    const [row] = await this.database.query<{ total: number }>(`select count(*)::float8 as total from sync_runs where ${MATCHES}`, values(filter));
    return row?.total ?? 0;
  }

  async running(tenantId: string): Promise<SyncRun[]> {
    return this.list({ tenantId, accountId: null, status: 'RUNNING', from: null, to: null }, { limit: MOST_RUNNING, offset: 0 });
  }

  /** Null when there is none of this tenant. */
  async find(tenantId: string, id: string): Promise<SyncRun | null> {
    const [run] = await this.database.query<SyncRun>(`select ${COLUMNS} from sync_runs where tenant_id = $1 and id = $2`, [tenantId, id]);
    return run ?? null;
  }

  /** The types of those of these runs that are kept. */
  async typesOf(tenantId: string, ids: readonly string[]): Promise<Map<string, SyncRun['type']>> {
    const sql = 'select id, sync_type as type from sync_runs where tenant_id = $1 and id = any ($2::uuid[])';
    const rows = ids.length === 0 ? [] : await this.database.query<Pick<SyncRun, 'id' | 'type'>>(sql, [tenantId, ids]);
    return new Map(rows.map(({ id, type }) => [id, type]));
  }

  async stats(filter: RunFilter): Promise<RunStats> {
    const [stats] = await this.database.query<RunStats>(STATS, values(filter));
    if (!stats) throw new Error('a query without groups answered no row');
    return stats;
  }
}

function values({ tenantId, accountId, status, from, to }: RunFilter): unknown[] {
  return [tenantId, accountId, status, from, to];
}
