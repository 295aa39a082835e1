import { RateLimiterPostgres } from 'rate-limiter-flexible';
import type { Database } from '../platform/database/database.js';
import type { BudgetWindow } from './budget-shares.js';
import type { BudgetStore, Grant, StoredStop } from './budget-store.js';
import type { Share } from './call-context.js';
import { NO_STOP, type RequestStop } from './request-stop.js';
import { WindowLimiter } from './window-limiter.js';

interface LimiterQuery {
  readonly text: string;
  readonly values: readonly unknown[];
}

interface StopRow {
  readonly blockedUntilMs: string | null;
  readonly strikes: number | null;
  readonly probeUntilMs: string | null;
  readonly version: string | null;
  readonly nowMs: string;
}

const NOW_MS = '(extract(epoch from clock_timestamp()) * 1000)::bigint';

const READ_STOP = `select s.blocked_until_ms as "blockedUntilMs", s.strikes, s.probe_until_ms as "probeUntilMs", s.version, ${NOW_MS} as "nowMs"
  from (select $1::text as client_key) k left join allegro_request_stops s using (client_key)`;

const WRITE_STOP = `insert into allegro_request_stops as s (client_key, blocked_until_ms, strikes, probe_until_ms, version)
  select $1::text, $2::bigint, $3::integer, $4::bigint, 1 where $5::bigint = 0 or exists (select 1 from allegro_request_stops where client_key = $1::text)
  on conflict (client_key) do update
    set blocked_until_ms = excluded.blocked_until_ms, strikes = excluded.strikes, probe_until_ms = excluded.probe_until_ms, version = s.version + 1
    where s.version = $5::bigint
  returning s.version`;

/** The shared budget in PostgreSQL: single autocommit statements on two rows, made by the migration. */
export class PostgresBudget implements BudgetStore {
  readonly #limiter: WindowLimiter;

  constructor(
    private readonly database: Pick<Database, 'query'>,
    window: BudgetWindow,
    private readonly clientKey: string,
  ) {
    const limiter = new RateLimiterPostgres({
      storeClient: { query: (query: LimiterQuery) => this.#rows(query) },
      storeType: 'client',
      tableName: 'allegro_budget_windows',
      tableCreated: true,
      clearExpiredByTimeout: false,
      keyPrefix: 'allegro',
      points: window.points,
      duration: window.seconds,
    });
    this.#limiter = new WindowLimiter(limiter, window, clientKey);
  }

  take(share: Share, count: number): Promise<Grant> {
    return this.#limiter.take(share, count);
  }

  async readStop(): Promise<StoredStop> {
    const [row] = await this.database.query<StopRow>(READ_STOP, [this.clientKey]);
    if (row === undefined) throw new Error('PostgreSQL answered without a row');
    const stop = { blockedUntilMs: Number(row.blockedUntilMs), strikes: row.strikes ?? 0, probeUntilMs: Number(row.probeUntilMs) };
    return { stop: row.version === null ? NO_STOP : stop, nowMs: Number(row.nowMs), version: row.version ?? '0' };
  }

  async writeStop(version: string, stop: RequestStop): Promise<boolean> {
    const values = [this.clientKey, Math.round(stop.blockedUntilMs), stop.strikes, Math.round(stop.probeUntilMs), version];
    return (await this.database.query(WRITE_STOP, values)).length > 0;
  }

  async close(): Promise<void> {
    // The pool belongs to the database module.
  }

  async #rows(query: LimiterQuery): Promise<{ rows: unknown[]; rowCount: number }> {
    const rows = await this.database.query(query.text, query.values);
    return { rows, rowCount: rows.length };
  }
}
