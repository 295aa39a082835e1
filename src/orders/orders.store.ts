import type { JsonObject } from '../core/json.js';
import { query, type Transaction } from '../platform/database/transaction.js';
import type { OrderContent } from './order.js';
import { projectFacts } from './order-facts.store.js';
import { type OrderProjection, projectedContent } from './order-projection.js';
import { contentOf, type OrderFold } from './order-snapshot.js';

interface DocumentRow {
  readonly streamId: string;
  readonly document: JsonObject;
  readonly fold: OrderFold;
}

export interface ProjectedOrder {
  readonly streamId: string;
  readonly orderId: string;
  readonly content: OrderContent;
}

/** The contents of the named streams as projected; a stream without a projection is missing. */
export async function loadContents(tx: Transaction, streamIds: readonly string[]): Promise<Map<string, OrderContent>> {
  if (streamIds.length === 0) return new Map();
  const rows = await query<DocumentRow>(tx, `select stream_id as "streamId", document, fold from order_documents where stream_id = any ($1::bigint[])`, [
    streamIds,
  ]);
  return new Map(rows.map((row) => [row.streamId, contentOf(row)]));
}

type Projected = ReturnType<typeof projectedContent>;

function projectedRow({ streamId, orderId }: ProjectedOrder, { columns, document, fold, search }: Projected) {
  return {
    stream_id: streamId,
    order_id: orderId,
    ...columns,
    ...search,
    document: JSON.stringify(document),
    fold: JSON.stringify(fold),
    kept: JSON.stringify(fold.kept),
  };
}

/**
 * Writes the projections of orders (list row, document, what they are found by, birth of the flags row, what statistics count of them).
 * @param repair also overwrites rows that are not older: what a replay from the log found to differ
 */
export async function projectOrders(tx: Transaction, accountId: string, orders: readonly ProjectedOrder[], repair = false): Promise<void> {
  if (orders.length === 0) return;
  const contents = orders.map((order) => ({ order, projected: projectedContent(order.orderId, order.content) }));
  const rows = contents.map(({ order, projected }) => projectedRow(order, projected));
  await query(tx, 'select project_orders($1, $2, $3)', [accountId, JSON.stringify(rows), repair]);
  await projectFacts(
    tx,
    accountId,
    contents.map(({ order, projected }) => ({ streamId: order.streamId, ...projected })),
  );
}

/** As `Date.toISOString` writes it. */
const isoText = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

const COLUMNS = `jsonb_build_object('version', o.version, 'status', o.status, 'fulfillment_status', o.fulfillment_status, 'payment_type', o.payment_type,
  'delivery_method', o.delivery_method, 'marketplace', o.marketplace, 'buyer_login', o.buyer_login, 'buyer_email', o.buyer_email,
  'buyer_name', o.buyer_name, 'total_amount', o.total_amount::text, 'total_currency', o.total_currency, 'revision', o.revision,
  'ordered_at', ${isoText('o.ordered_at')}, 'dispatch_by', ${isoText('o.dispatch_by')}, 'allegro_updated_at', ${isoText('o.allegro_updated_at')},
  'created_at', ${isoText('o.created_at')}, 'updated_at', ${isoText('o.updated_at')})`;
const FLAGS = `jsonb_build_object('is_stock_updated', f.is_stock_updated, 'has_invoice_created', f.has_invoice_created, 'invoice_id', f.invoice_id,
  'created_at', ${isoText('f.created_at')}, 'updated_at', ${isoText('f.updated_at')}, 'stock_version', f.stock_version, 'invoice_version', f.invoice_version)`;
const FACTS = `jsonb_build_object('offers', x.offers, 'ready_at', ${isoText('x.ready_at')}, 'sent_at', ${isoText('x.sent_at')},
  'sent_minutes', x.sent_minutes, 'picked_up_at', ${isoText('x.picked_up_at')}, 'picked_up_minutes', x.picked_up_minutes)`;
const SEARCH = `jsonb_build_object('search_email', s.email, 'search_login', s.login, 'search_names', s.names, 'search_codes', s.codes, 'search_text', s.text)`;

/** What the projections hold of one order now, its rows locked against other writers; null when it was never projected. */
export async function lockProjection(tx: Transaction, streamId: string): Promise<OrderProjection | null> {
  const rows = await query<OrderProjection>(
    tx,
    `select ${COLUMNS} as columns, d.document, d.fold, ${FLAGS} as flags, case when s.stream_id is null then '{}' else ${SEARCH} end as search,
       case when x.stream_id is null then '{}' else ${FACTS} end as facts
     from orders o join order_documents d using (stream_id) join order_technical_flags f using (stream_id) left join order_search s using (stream_id)
       left join order_facts x using (stream_id)
     where o.stream_id = $1 for update of o, d, f`,
    [streamId],
  );
  return rows[0] ?? null;
}

/** The version of a stream as committed now. */
export async function streamVersion(tx: Transaction, streamId: string): Promise<number> {
  const rows = await query<{ version: number }>(tx, 'select version from event_log.streams where stream_id = $1', [streamId]);
  return rows[0]?.version ?? 0;
}
