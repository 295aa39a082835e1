import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import { Settings } from '../platform/settings/settings.service.js';
import type { AccountLook } from './findings.js';
import { type Freshness, type FreshnessLimits, freshnessOf } from './freshness.js';
import { FRESHNESS_SETTINGS } from './monitoring.settings.js';

/** An account as measured now. */
export interface AccountHealth extends AccountLook {
  /** A token of the account, the working one where there is one. */
  readonly tokenId: string | null;
  readonly login: string | null;
  readonly freshness: Freshness;
  readonly lastSuccessAt: Date | null;
  readonly intervalMinutes: number | null;
  /** Periodic runs that failed in a row. */
  readonly failures: number;
  readonly owed: number;
  readonly held: number;
}

type Row = Omit<AccountHealth, 'freshness' | 'needsSeller'> & {
  readonly connection: 'working' | 'waiting' | 'none';
  readonly paused: boolean;
  readonly scheduledSince: Date | null;
  readonly running: boolean;
  readonly now: Date;
};

/** Allegro keeps events 60 days; a refresh token lives three months unused, counted as the shortest three. */
const JOURNAL_DAYS = 60;
const REFRESH_TOKEN_DAYS = 89;

// Each count looks at one account through an index; the unread part of the journal is at stake only while no sync ends well.
const HEALTH = `select a.id as "accountId", a.tenant_id as "tenantId", a.login, now(), t.id as "tokenId",
    case when t.state = 'active' then 'working' when t.state = 'needs_reauth' then 'waiting' else 'none' end as connection,
    s.interval as "intervalMinutes", s.since as "scheduledSince", coalesce(s.failures, 0) as failures,
    greatest(s.success, r.success) as "lastSuccessAt",
    exists (select from sync_pauses p where p.account_id = a.id and p.resumed_at is null) as paused,
    exists (select from event_log.writer_leases l where l.account_id = a.id and l.holder is not null and l.expires_at > now()) as running,
    o.owed, o."newlyOwed", q.held, q."newlyHeld",
    case when t.state in ('active', 'needs_reauth') then extract(epoch from least(t.refreshed_at + interval '${REFRESH_TOKEN_DAYS} days',
      greatest(s.success, r.success, c.started_at) + interval '${JOURNAL_DAYS} days') - now())::float8 / 86400 end as "daysLeft"
  from accounts a
  left join lateral (select id, state, coalesce(refreshed_at, created_at) as refreshed_at from tokens where account_id = a.id and state <> 'linking'
    order by array_position(array['active', 'needs_reauth', 'deactivated'], state), id = a.lead_token_id desc, created_at desc limit 1) t on true
  left join lateral (select min(interval_minutes) filter (where is_active) as interval, min(created_at) filter (where is_active) as since,
    max(consecutive_failures) filter (where is_active) as failures, max(last_success_at) as success from sync_schedules where account_id = a.id) s on true
  left join lateral (select sync_completed_at as success from sync_runs where account_id = a.id and sync_status = 'COMPLETED'
    order by sync_started_at desc, id desc limit 1) r on true
  left join sync_cursors c on c.account_id = a.id
  left join lateral (select count(*)::int as owed, count(*) filter (where owed_since > now() - interval '1 hour' and reason <> 'dirty' and attempts > 0)::int as "newlyOwed"
    from owed_forms where account_id = a.id) o on true
  left join lateral (select count(*)::int as held, count(*) filter (where first_seen_at > now() - interval '1 hour')::int as "newlyHeld"
    from quarantine_items where account_id = a.id and status = 'held') q on true
  where ($1::text is null or a.tenant_id = $1) and ($2::bigint is null or a.id = $2) order by a.id`;

/** The health of accounts: one statement over rows the syncs write anyway. */
@Injectable()
export class AccountsHealth {
  private readonly limits: () => FreshnessLimits;

  constructor(
    private readonly database: Database,
    settings: Settings,
  ) {
    this.limits = settings.liveGroup(FRESHNESS_SETTINGS);
  }

  async ofTenant(tenantId: string): Promise<AccountHealth[]> {
    return this.read([tenantId, null]);
  }

  async ofAccount(accountId: string): Promise<AccountHealth | null> {
    const [health] = await this.read([null, accountId]);
    return health ?? null;
  }

  async ofAll(): Promise<AccountHealth[]> {
    return this.read([null, null]);
  }

  private async read(filter: readonly (string | null)[]): Promise<AccountHealth[]> {
    const limits = this.limits();
    return (await this.database.query<Row>(HEALTH, filter)).map((row) => healthOf(row, limits));
  }
}

function healthOf({ connection, paused, scheduledSince, running, now, ...row }: Row, limits: FreshnessLimits): AccountHealth {
  const schedule = row.intervalMinutes === null || scheduledSince === null ? null : { intervalMinutes: row.intervalMinutes, since: scheduledSince };
  const freshness = freshnessOf({ connection, paused, schedule, lastSuccessAt: row.lastSuccessAt, running }, limits, now);
  return { ...row, freshness, needsSeller: connection === 'waiting' };
}
