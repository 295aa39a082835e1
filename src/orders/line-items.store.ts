import type { JsonObject } from '../core/json.js';
import { query, type Transaction } from '../platform/database/transaction.js';
import { purchasesOf } from './merged-purchases.js';
import type { ProjectedOrder } from './orders.store.js';

/**
 * Notes which order holds each line item, in one statement. A form seen later takes an item over; the order it is taken
 * from is remembered until it is linked to its successor.
 */
export async function holdLineItems(tx: Transaction, accountId: string, orders: readonly ProjectedOrder[]): Promise<void> {
  const rows = orders.flatMap(({ streamId, content }) =>
    [...new Set(purchasesOf(content.merged.form))].map((item) => ({ item, stream_id: streamId, seen_at: content.merged.stamp.observedAt })),
  );
  if (rows.length === 0) return;
  await query(
    tx,
    `insert into order_line_items as l (account_id, line_item_id, stream_id, seen_at)
     select distinct on (r.item) $1, r.item, r.stream_id, r.seen_at from jsonb_to_recordset($2::jsonb) as r (item text, stream_id bigint, seen_at timestamptz)
     order by r.item, r.seen_at desc
     on conflict (account_id, line_item_id) do update set stream_id = excluded.stream_id, seen_at = excluded.seen_at,
       previous_stream_id = coalesce(l.previous_stream_id, l.stream_id)
     where l.stream_id <> excluded.stream_id and l.seen_at < excluded.seen_at`,
    [accountId, JSON.stringify(rows)],
  );
}

export interface StreamRef {
  readonly streamId: string;
  readonly orderId: string;
}

/** The orders that line items were taken from and that are not linked yet. */
export async function ordersToLink(tx: Transaction, accountId: string): Promise<StreamRef[]> {
  return query<StreamRef>(
    tx,
    `select distinct s.stream_id as "streamId", s.order_id as "orderId" from order_line_items l join event_log.streams s on s.stream_id = l.previous_stream_id
     where l.account_id = $1 and l.previous_stream_id is not null`,
    [accountId],
  );
}

/** The streams of these orders. */
export async function streamsOf(tx: Transaction, accountId: string, orderIds: readonly string[]): Promise<StreamRef[]> {
  if (orderIds.length === 0) return [];
  return query<StreamRef>(tx, `select stream_id as "streamId", order_id as "orderId" from event_log.streams where account_id = $1 and order_id = any ($2)`, [
    accountId,
    orderIds,
  ]);
}

export async function streamsById(tx: Transaction, streamIds: readonly string[]): Promise<StreamRef[]> {
  return query<StreamRef>(tx, `select stream_id as "streamId", order_id as "orderId" from event_log.streams where stream_id = any ($1::bigint[])`, [streamIds]);
}

/** The stream that holds each of these line items. */
export async function holdersOf(tx: Transaction, accountId: string, items: readonly string[]): Promise<Map<string, string>> {
  const rows = await query<{ item: string; streamId: string }>(
    tx,
    `select line_item_id as item, stream_id as "streamId" from order_line_items where account_id = $1 and line_item_id = any ($2)`,
    [accountId, items],
  );
  return new Map(rows.map((row) => [row.item, row.streamId]));
}

/** What the journal said was bought, by stream: for orders whose form was gone before anybody read it. */
export async function announcedItems(tx: Transaction, streamIds: readonly string[]): Promise<Map<string, string[]>> {
  const rows = await query<{ streamId: string; payload: JsonObject }>(
    tx,
    `select stream_id as "streamId", payload from event_log.order_events where stream_id = any ($1::bigint[]) and type = 'journal.received'`,
    [streamIds],
  );
  const items = new Map<string, string[]>();
  for (const { streamId, payload } of rows) {
    const order = payload['order'];
    const bought = typeof order === 'object' && order !== null && !Array.isArray(order) ? purchasesOf(order) : [];
    items.set(streamId, [...new Set([...(items.get(streamId) ?? []), ...bought])]);
  }
  return items;
}

/** Writes what a link means for the lists: the parents leave them, the successor names its parents. */
export async function storeLink(
  tx: Transaction,
  accountId: string,
  link: { readonly successor: StreamRef; readonly parents: readonly StreamRef[]; readonly attention: boolean },
): Promise<void> {
  const streamIds = link.parents.map(({ streamId }) => streamId);
  const orderIds = link.parents.map(({ orderId }) => orderId);
  await query(tx, `update orders set merged_into = $2 where stream_id = any ($1::bigint[])`, [streamIds, link.successor.orderId]);
  await query(
    tx,
    `update orders set merged_from = array(select distinct unnest(coalesce(merged_from, '{}') || $2::text[]) order by 1), attention = attention or $3 where stream_id = $1`,
    [link.successor.streamId, orderIds, link.attention],
  );
  await query(tx, `update order_line_items set previous_stream_id = null where account_id = $1 and previous_stream_id = any ($2::bigint[])`, [
    accountId,
    streamIds,
  ]);
}

/** Restores what a replay of the log says of merges. */
export async function restoreMerge(
  tx: Transaction,
  streamId: string,
  merge: { into: string | null; from: readonly string[]; attention: boolean },
): Promise<void> {
  await query(tx, `update orders set merged_into = $2, merged_from = nullif($3::text[], '{}'), attention = $4 where stream_id = $1`, [
    streamId,
    merge.into,
    [...merge.from].sort(),
    merge.attention,
  ]);
}

/** Items of orders whose stream knows of its successor wait for no link. */
export async function forgetLinkedItems(tx: Transaction, accountId: string): Promise<void> {
  await query(
    tx,
    `update order_line_items set previous_stream_id = null
     where account_id = $1 and previous_stream_id in (select stream_id from orders where account_id = $1 and merged_into is not null)`,
    [accountId],
  );
}
