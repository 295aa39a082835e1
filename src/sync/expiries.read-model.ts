import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import { type Expiry, expiryOf } from './reach.js';

export interface AccountExpiries {
  readonly accountId: string;
  readonly tokenId: string | null;
  readonly login: string | null;
  readonly expiries: readonly Expiry[];
}

interface CareRow {
  readonly accountId: string;
  readonly tokenId: string | null;
  readonly login: string | null;
  readonly journalReadAt: Date | null;
  readonly oldestOwedAt: Date | null;
  readonly refreshedAt: Date | null;
}

/**
 * Events: since the journal was read to its end. Orders: since the oldest form is owed, or the history waits to be imported.
 * Refresh token: since the pair of the leading token was last renewed, or of the one that was used last.
 */
const CARE = `select a.id as "accountId", a.login, t.id as "tokenId", coalesce(c.overlap_read_at, c.history_done_at, c.started_at) as "journalReadAt",
    coalesce((select min(owed_since) from owed_forms o where o.account_id = a.id),
      case when c.history_done_at is null then c.started_at else c.overlap_read_at end) as "oldestOwedAt",
    coalesce(t.refreshed_at, t.created_at) as "refreshedAt"
  from accounts a left join sync_cursors c on c.account_id = a.id
    left join lateral (select id, refreshed_at, created_at from tokens where account_id = a.id and state in ('active', 'needs_reauth')
      order by (id = a.lead_token_id) desc nulls last, refreshed_at desc nulls last limit 1) t on true`;

/** What of an account passes out of reach when nobody takes care of it. */
@Injectable()
export class ExpiriesReadModel {
  constructor(private readonly database: Database) {}

  /** Of one account, or of all of a tenant. */
  async ofTenant(tenantId: string, accountId: string | null, now: Date): Promise<AccountExpiries[]> {
    const rows = await this.database.query<CareRow>(`${CARE} where a.tenant_id = $1 and ($2::bigint is null or a.id = $2) order by a.id`, [
      tenantId,
      accountId,
    ]);
    return rows.map((row) => expiriesOf(row, now));
  }

  /** Of every account that a token still stands for. */
  async ofAll(now: Date): Promise<AccountExpiries[]> {
    const rows = await this.database.query<CareRow>(`${CARE} where t.id is not null order by a.id`);
    return rows.map((row) => expiriesOf(row, now));
  }
}

/** What was never begun cannot run out. */
function expiriesOf({ accountId, tokenId, login, journalReadAt, oldestOwedAt, refreshedAt }: CareRow, now: Date): AccountExpiries {
  const since = [['events', journalReadAt], ['orders', oldestOwedAt], ['refresh_token', refreshedAt]] as const; // prettier-ignore
  return { accountId, tokenId, login, expiries: since.flatMap(([reach, at]) => (at ? [expiryOf(reach, at, now)] : [])) };
}
