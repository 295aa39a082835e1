import type { KeptValue } from './merge-order.js';
import type { OrderView } from './order-json.js';

/** A row of {@link ORDER_VIEW}. */
export interface OrderViewRow extends Omit<OrderView, 'createdAt' | 'updatedAt'> {
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly kept: KeptValue[];
}

/** The document leaves the database as text: it is answered as stored, never parsed on the way. */
export const ORDER_VIEW = `o.stream_id as "streamId", o.order_id as "orderId", o.version, d.document::text as document, d.kept,
  o.created_at as "createdAt", o.updated_at as "updatedAt", f.is_stock_updated as "isStockUpdated", f.has_invoice_created as "hasInvoiceCreated",
  f.invoice_id as "invoiceId", o.merged_into as "mergedInto", coalesce(o.merged_from, '{}') as "mergedFrom", o.attention`;
export const ORDER_VIEW_TABLES = `orders o using (stream_id) join order_documents d using (stream_id) join order_technical_flags f using (stream_id)`;

export const orderViewOf = (row: OrderViewRow): OrderView => ({ ...row, createdAt: row.createdAt.toISOString(), updatedAt: row.updatedAt.toISOString() });
