import type { JsonObject } from '../core/json.js';
import { type FlagsState, INVOICE_SET, type InvoiceSet, STOCK_SET, type StockSet } from './flags.events.js';

export type FlagCommand =
  | { readonly kind: 'stock'; readonly isStockUpdated: boolean }
  | {
      readonly kind: 'invoice';
      readonly hasInvoiceCreated: boolean;
      /** null or absent: keep the id the order has. */
      readonly invoiceId?: string | null;
    };

export interface FlagDecision {
  readonly type: string;
  readonly payload: JsonObject;
}

/**
 * The id of an order's invoice after a command: an order without an invoice has none, whatever was sent;
 * with an invoice, an id that is sent replaces the known one, and one that is not sent keeps it.
 */
function invoiceIdAfter(state: FlagsState, command: Extract<FlagCommand, { kind: 'invoice' }>): string | null {
  return command.hasInvoiceCreated ? (command.invoiceId ?? state.invoiceId) : null;
}

/** The event a command leads to; null when the flags say so already. The first command is always recorded, so that the flags have a date. */
export function decideFlags(state: FlagsState, command: FlagCommand): FlagDecision | null {
  const isFirst = state.updatedAt === null;
  if (command.kind === 'stock') {
    if (!isFirst && state.isStockUpdated === command.isStockUpdated) return null;
    return { type: STOCK_SET, payload: { is_stock_updated: command.isStockUpdated } satisfies StockSet };
  }
  const invoiceId = invoiceIdAfter(state, command);
  if (!isFirst && state.hasInvoiceCreated === command.hasInvoiceCreated && state.invoiceId === invoiceId) return null;
  return { type: INVOICE_SET, payload: { has_invoice_created: command.hasInvoiceCreated, invoice_id: invoiceId } satisfies InvoiceSet };
}

/** Whether a recorded event could be what this command led to: what the command leaves open may be anything. */
export function isRepetition(command: FlagCommand, recorded: FlagDecision): boolean {
  const { type, payload } = recorded;
  if (command.kind === 'stock') return type === STOCK_SET && payload['is_stock_updated'] === command.isStockUpdated;
  const sendsId = command.hasInvoiceCreated && typeof command.invoiceId === 'string';
  const isSameId = !sendsId || payload['invoice_id'] === command.invoiceId;
  return type === INVOICE_SET && payload['has_invoice_created'] === command.hasInvoiceCreated && isSameId;
}
