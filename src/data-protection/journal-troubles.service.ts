import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import { type Trouble, type TroubleSource, TroubleSources } from '../platform/observability/trouble-sources.js';

interface Damage {
  readonly accountId: string;
  readonly tenantId: string;
  readonly entries: number;
  readonly lastSeenAt: Date;
}

/** More accounts than anybody looks at one by one. */
const MOST_TOLD = 500;

const DAMAGED = `
  select a.id as "accountId", a.tenant_id as "tenantId", q.entries, q.last as "lastSeenAt"
  from accounts a cross join lateral (
    select count(*)::int as entries, max(last_seen_at) as last from quarantine_items
    where account_id = a.id and status = 'held' and kind = 'event'
      and (reasons @> '[{"code":"not_an_object"}]' or reasons @> '[{"code":"no_usable_id"}]')) q
  where q.entries > 0 order by a.id limit ${String(MOST_TOLD)}`;

/** Entries of journals that are no events, or have no id: the journal went on past them, and what they said nobody knows but who looks. */
@Injectable()
export class JournalTroubles implements TroubleSource {
  constructor(
    private readonly database: Database,
    sources: TroubleSources,
  ) {
    sources.register(this);
  }

  async troubles(): Promise<Trouble[]> {
    const rows = await this.database.query<Damage>(DAMAGED);
    return rows.map(({ accountId, tenantId, entries, lastSeenAt }) => ({
      kind: 'journal_damaged',
      tenantId,
      accountId,
      subject: '',
      detail: "Allegro's journal of this account held entries that are no events or have no id: they wait in quarantine.",
      figures: { entries, last_seen_at: lastSeenAt.toISOString() },
    }));
  }
}
