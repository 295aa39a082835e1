import { query, type Transaction } from '../platform/database/transaction.js';

/** A row of the quarantine as it is written; bytes travel as `\x` hex inside the rowset. */
export interface QuarantineRow {
  readonly order_id: string;
  readonly content_key: string;
  readonly kind: 'form' | 'event';
  readonly reasons: readonly object[];
  readonly held_version: number | null;
  readonly pause_id: string | null;
  readonly key_id: string | null;
  readonly sealed: string;
  readonly observed_at: string;
  readonly trace_id: string | null;
}

export interface OrderKeyRow {
  readonly orderId: string;
  readonly version: number | null;
  readonly hasKey: boolean;
  readonly wrappedKey: Buffer | null;
}

/** Writes what is held; content seen before is counted, and held again unless it was rejected. A form without an id is another one each time. */
export async function insertItems(tx: Transaction, accountId: string, rows: readonly QuarantineRow[]): Promise<void> {
  if (rows.length === 0) return;
  await query(
    tx,
    `insert into quarantine_items as q (account_id, order_id, content_key, kind, reasons, held_version, pause_id, key_id, sealed, observed_at, trace_id)
     select $1, r.order_id, r.content_key, r.kind, r.reasons, r.held_version, r.pause_id, r.key_id, r.sealed, r.observed_at, r.trace_id
     from jsonb_to_recordset($2::jsonb) as r (order_id text, content_key bytea, kind text, reasons jsonb, held_version int, pause_id uuid, key_id uuid,
       sealed bytea, observed_at timestamptz, trace_id text)
     order by r.order_id, r.content_key
     on conflict (account_id, order_id, content_key) do update set times_seen = q.times_seen + 1, last_seen_at = now(),
       observed_at = greatest(q.observed_at, excluded.observed_at), trace_id = excluded.trace_id, reasons = excluded.reasons,
       held_version = excluded.held_version, pause_id = coalesce(excluded.pause_id, q.pause_id), key_id = excluded.key_id, sealed = excluded.sealed,
       status = case when q.status = 'rejected' and (q.kind = 'event' or q.order_id <> '') then q.status else 'held' end`,
    [accountId, JSON.stringify(rows)],
  );
}

/** Data keys and versions of the streams of these orders; an order without a stream is absent. */
export async function orderKeys(tx: Transaction, accountId: string, orderIds: readonly string[]): Promise<OrderKeyRow[]> {
  return query<OrderKeyRow>(
    tx,
    `select s.order_id as "orderId", s.content_version as version, k.stream_id is not null as "hasKey", k.wrapped_key as "wrappedKey"
     from event_log.streams s left join vault.order_keys k using (stream_id) where s.account_id = $1 and s.order_id = any ($2)`,
    [accountId, orderIds],
  );
}

/** A good form of these orders landed: older ones that wait are out of date. */
export async function supersedeItems(tx: Transaction, accountId: string, orderIds: readonly string[]): Promise<void> {
  if (orderIds.length === 0) return;
  await query(
    tx,
    `update quarantine_items set status = 'superseded', decided_at = now(), decided_by = 'sync'
     where account_id = $1 and order_id = any ($2) and status = 'held' and kind = 'form'`,
    [accountId, orderIds],
  );
}

/** Decides an item that waits; false when somebody decided before. */
export async function decideItem(tx: Transaction, id: string, decision: { status: 'released' | 'rejected' | 'superseded'; actor: string }): Promise<boolean> {
  const rows = await query(tx, `update quarantine_items set status = $2, decided_at = now(), decided_by = $3 where id = $1 and status = 'held' returning id`, [
    id,
    decision.status,
    decision.actor,
  ]);
  return rows.length > 0;
}
