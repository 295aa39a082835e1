import type { JsonObject } from '../core/json.js';
import { query, type Transaction } from '../platform/database/transaction.js';
import type { TimedEvent } from './fulfilment-times.js';
import { asksForTimes, factsOf, isBuyerErased } from './order-facts.js';
import { FORM_READ, FORM_RELEASED, JOURNAL_RECEIVED } from './order.events.js';
import { soldOffers } from './sold-offers.js';

interface ProjectedFacts {
  readonly streamId: string;
  readonly columns: JsonObject;
  readonly document: JsonObject;
}

type StreamEvent = TimedEvent & { readonly streamId: string };

/** Without what is personal in them: no status and no time is. */
async function timedEvents(tx: Transaction, streamIds: readonly string[]): Promise<Map<string, StreamEvent[]>> {
  if (streamIds.length === 0) return new Map();
  const events = await query<StreamEvent>(
    tx,
    `select stream_id as "streamId", version, type, schema_version as "schemaVersion", occurred_at as "occurredAt", observed_at as "observedAt", payload
     from event_log.order_events where stream_id = any ($1::bigint[]) and type = any ($2) order by stream_id, version`,
    [streamIds, [JOURNAL_RECEIVED, FORM_READ, FORM_RELEASED]],
  );
  return Map.groupBy(events, ({ streamId }) => streamId);
}

/** Notes what statistics count of orders; the sums follow in the same transaction. Their events must be in the log already. */
export async function projectFacts(tx: Transaction, accountId: string, orders: readonly ProjectedFacts[]): Promise<void> {
  const sent = orders.filter((order) => asksForTimes(order) && order.columns['version'] !== 1);
  const events = await timedEvents(
    tx,
    sent.map(({ streamId }) => streamId),
  );
  const rows = orders.map((order) => ({
    stream_id: order.streamId,
    is_erased: isBuyerErased(order),
    names: soldOffers(order.document).names,
    ordered_at: order.columns['ordered_at'],
    ...factsOf(order, events.get(order.streamId) ?? []),
  }));
  await query(tx, 'select project_order_facts($1, $2)', [accountId, JSON.stringify(rows)]);
}
