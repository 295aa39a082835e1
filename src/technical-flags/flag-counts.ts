import type { FlagCounts } from './flags.dto.js';
import type { FlagsSummary } from './flags.read-model.js';

/** Two decimals; 0 of nothing is 0. */
function percentage(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((part / whole) * 10_000) / 100;
}

export function flagCounts({ total, written, stockPending, invoicesPending }: FlagsSummary): FlagCounts {
  const stockUpdated = total - stockPending;
  const invoicesCreated = total - invoicesPending;
  return {
    total_orders_with_flags: written,
    stock_updated_orders: stockUpdated,
    invoices_created_orders: invoicesCreated,
    stock_updated_percentage: percentage(stockUpdated, written),
    invoices_created_percentage: percentage(invoicesCreated, written),
    total_orders: total,
    stock_pending: stockPending,
    invoices_pending: invoicesPending,
  };
}
