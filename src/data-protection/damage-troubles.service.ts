import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import { type Trouble, type TroubleSource, TroubleSources } from '../platform/observability/trouble-sources.js';

interface Damage {
  readonly kind: 'event' | 'form';
  readonly accountId: string;
  readonly tenantId: string;
  readonly entries: number;
  readonly lastSeenAt: Date;
}

/** More accounts than anybody looks at one by one. */
const MOST_TOLD = 500;

const DAMAGED = `
  select a.id as "accountId", a.tenant_id as "tenantId", q.kind, q.entries, q.last as "lastSeenAt"
  from accounts a cross join lateral (
    select kind, count(*)::int as entries, max(last_seen_at) as last from quarantine_items
    where account_id = a.id and status = 'held' and (reasons @> '[{"code":"not_an_object"}]' or reasons @> '[{"code":"no_usable_id"}]')
    group by kind) q
  order by a.id, q.kind limit ${String(MOST_TOLD)}`;

const TOLD = {
  event: {
    kind: 'journal_damaged',
    detail: "Allegro's journal of this account held entries that are no events or have no id: they wait in quarantine.",
  },
  form: {
    kind: 'listing_damaged',
    detail: "Allegro's list of this account's orders held entries that are no forms or have no id: they wait in quarantine, and a sweep looks what is missing.",
  },
} as const;

/** Entries of journals and of lists that are no events or forms, or have no id: the rest landed, and what they said nobody knows but who looks. */
@Injectable()
export class DamageTroubles implements TroubleSource {
  constructor(
    private readonly database: Database,
    sources: TroubleSources,
  ) {
    sources.register(this);
  }

  async troubles(): Promise<Trouble[]> {
    const rows = await this.database.query<Damage>(DAMAGED);
    return rows.map(({ kind, accountId, tenantId, entries, lastSeenAt }) => ({
      ...TOLD[kind],
      tenantId,
      accountId,
      subject: '',
      figures: { entries, last_seen_at: lastSeenAt.toISOString() },
    }));
  }
}
