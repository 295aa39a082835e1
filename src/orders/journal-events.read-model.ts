import { Injectable } from '@nestjs/common';
import type { JsonObject } from '../core/json.js';
import { Database } from '../platform/database/database.js';
import { eventOwner, OrderKeys } from '../platform/vault/order-keys.js';
import { joinPersonalData } from '../platform/vault/personal-data.js';

interface JournalRow {
  /** What the key was made for: the order, or the single event. */
  readonly owner: string;
  readonly payload: JsonObject;
  readonly sealed: Buffer | null;
  readonly wrappedKey: Buffer | null;
}

export interface JournalPage {
  readonly events: readonly JsonObject[];
  readonly total: number;
  readonly hasMore: boolean;
}

/** The type as a literal, or the partial index is not used. */
const OF_ACCOUNT = `from event_log.order_events e where e.account_id = $1 and e.type = 'journal.received' and ($2::timestamptz is null or e.occurred_at >= $2)`;

/** Allegro's journal events of an account as stored. */
@Injectable()
export class JournalEventsReadModel {
  constructor(
    private readonly database: Database,
    private readonly keys: OrderKeys,
  ) {}

  /** The oldest `limit` events that occurred at `from` or later. */
  async page(accountId: string, from: Date | null, limit: number): Promise<JournalPage> {
    const [rows, counted] = await Promise.all([
      this.database.query<JournalRow>(
        `with page as (select e.stream_id, e.order_id, e.dedup_key, e.payload, e.sealed, e.occurred_at, e.seq ${OF_ACCOUNT} order by e.occurred_at, e.seq limit $3)
         select case when ek.dedup_key is null then p.order_id else '${eventOwner('')}' || p.dedup_key end as owner, p.payload, p.sealed,
           case when ek.dedup_key is null then k.wrapped_key else ek.wrapped_key end as "wrappedKey"
         from page p left join vault.order_keys k on k.stream_id = p.stream_id
           left join vault.event_keys ek on p.order_id = '' and ek.stream_id = p.stream_id and ek.dedup_key = p.dedup_key
         order by p.occurred_at, p.seq`,
        [accountId, from, limit],
      ),
      this.database.query<{ total: number }>(`select count(*)::int as total ${OF_ACCOUNT}`, [accountId, from]),
    ]);
    const total = counted[0]?.total ?? 0;
    return { events: rows.map((row) => this.open(accountId, row)), total, hasMore: total > rows.length };
  }

  private open(accountId: string, { owner, payload, sealed, wrappedKey }: JournalRow): JsonObject {
    return joinPersonalData(payload, this.keys.openPersonal(accountId, owner, { wrappedKey, sealed }));
  }
}
