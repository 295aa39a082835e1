import type { FlagsView } from './flags.dto.js';
import type { FlagsState } from './flags.events.js';

/** The flags as answers show them. */
export function flagsView(state: FlagsState): FlagsView {
  return {
    is_stock_updated: state.isStockUpdated,
    has_invoice_created: state.hasInvoiceCreated,
    invoice_id: state.invoiceId,
    created_at: state.createdAt,
    updated_at: state.updatedAt,
  };
}
