import type { FlagsState } from './flags.events.js';

export type FlagsRow = Omit<FlagsState, 'createdAt' | 'updatedAt'> & { readonly createdAt: Date | null; readonly updatedAt: Date | null };

export const FLAGS_COLUMNS = `f.is_stock_updated as "isStockUpdated", f.stock_version as "stockVersion", f.has_invoice_created as "hasInvoiceCreated",
  f.invoice_id as "invoiceId", f.invoice_version as "invoiceVersion", f.created_at as "createdAt", f.updated_at as "updatedAt"`;

export const flagsOf = (row: FlagsRow): FlagsState => ({
  isStockUpdated: row.isStockUpdated,
  stockVersion: row.stockVersion,
  hasInvoiceCreated: row.hasInvoiceCreated,
  invoiceId: row.invoiceId,
  invoiceVersion: row.invoiceVersion,
  createdAt: row.createdAt?.toISOString() ?? null,
  updatedAt: row.updatedAt?.toISOString() ?? null,
});
