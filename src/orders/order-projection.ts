import type { JsonObject } from '../core/json.js';
import type { FlagsState } from '../technical-flags/flags.events.js';
import type { OrderContent } from './order.js';
import { orderColumns } from './order-row.js';
import { snapshotOf } from './order-snapshot.js';
import { searchRow } from './search-row.js';

/** Everything the projections hold of one order, as plain JSON: what a replay compares. */
export interface OrderProjection {
  readonly columns: JsonObject;
  readonly document: JsonObject;
  readonly fold: JsonObject;
  readonly flags: JsonObject;
  /** What it is found by. */
  readonly search: JsonObject;
  /** What statistics count of it beside its columns. */
  readonly facts: JsonObject;
}

/** The projected columns and documents of an order's content. */
export function projectedContent(orderId: string, content: OrderContent): Omit<OrderProjection, 'flags' | 'facts'> {
  const { document, fold } = snapshotOf(content);
  const times = { version: content.version, created_at: content.createdAt, updated_at: content.updatedAt };
  return {
    columns: { ...times, ...orderColumns(document, content) },
    document,
    fold: fold as unknown as JsonObject,
    search: { ...searchRow(orderId, document) },
  };
}

export function projectedFlags(flags: FlagsState): JsonObject {
  return {
    is_stock_updated: flags.isStockUpdated,
    has_invoice_created: flags.hasInvoiceCreated,
    invoice_id: flags.invoiceId,
    created_at: flags.createdAt,
    updated_at: flags.updatedAt,
    stock_version: flags.stockVersion,
    invoice_version: flags.invoiceVersion,
  };
}
