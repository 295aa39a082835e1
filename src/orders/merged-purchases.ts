import { isJsonObject, type JsonObject } from '../core/json.js';
import type { FlagsState } from '../technical-flags/flags.events.js';

/** The names are the storage format of the log: never renamed, never given another meaning. */
export const MERGED_INTO = 'order.merged_into';
export const MERGED_FROM = 'order.merged_from';

/** What an order's log says of purchases that were paid together. */
export interface MergeState {
  /** The order that replaced this one. */
  readonly into: string | null;
  /** The orders this one replaced. */
  readonly from: readonly string[];
  /** Their flags disagreed: a person has to look. */
  readonly attention: boolean;
}

export const NOT_MERGED: MergeState = { into: null, from: [], attention: false };

/** Folds one event; others than those of a merge change nothing. */
export function evolveMerge(state: MergeState, event: { readonly type: string; readonly payload: JsonObject }): MergeState {
  const orderId = event.payload['order_id'];
  if (typeof orderId !== 'string') return state;
  if (event.type === MERGED_INTO) return { ...state, into: orderId };
  if (event.type !== MERGED_FROM) return state;
  const from = state.from.includes(orderId) ? state.from : [...state.from, orderId];
  return { ...state, from, attention: state.attention || event.payload['attention'] === true };
}

/** Allegro's are UUIDs; anything printable without spaces is kept, longer is no id. */
const USABLE_ID = /^[\x21-\x7e]{1,100}$/;

/** Ids of the line items of a form or of a journal event's order: one act of purchase each, they survive merging. */
export function purchasesOf(order: JsonObject): string[] {
  const items = order['lineItems'];
  if (!Array.isArray(items)) return [];
  return items.flatMap((item) => (isJsonObject(item) && typeof item['id'] === 'string' && USABLE_ID.test(item['id']) ? [item['id']] : []));
}

/** An order whose purchases may have gone to another one. */
export interface MovedOrder {
  readonly streamId: string;
  readonly items: readonly string[];
  /** Allegro no longer answers its form. */
  readonly isGone: boolean;
}

/**
 * The stream of the order that replaced `order`; null while it still holds a purchase and its form exists.
 * @param holders the stream that holds each line item now
 */
export function successorOf(order: MovedOrder, holders: ReadonlyMap<string, string>): string | null {
  const now = order.items.map((item) => holders.get(item) ?? order.streamId);
  const elsewhere = now.filter((streamId) => streamId !== order.streamId);
  const [successor] = elsewhere;
  if (successor === undefined) return null;
  return order.isGone || elsewhere.length === now.length ? successor : null;
}

/** What the successor takes over of its parents' flags. */
export interface CarriedFlags {
  readonly isStockUpdated: boolean;
  readonly hasInvoiceCreated: boolean;
  readonly invoiceId: string | null;
  readonly attention: boolean;
}

/** Flags go along where all agree; where they do not, nobody but a person can say what holds for the whole. */
export function carriedFlags(parents: readonly FlagsState[]): CarriedFlags {
  const stocks = new Set(parents.map((flags) => flags.isStockUpdated));
  const invoices = new Set(parents.map((flags) => flags.hasInvoiceCreated));
  const ids = new Set(parents.flatMap((flags) => flags.invoiceId ?? []));
  const hasInvoiceCreated = invoices.size === 1 && invoices.has(true) && ids.size <= 1;
  return {
    isStockUpdated: stocks.size === 1 && stocks.has(true),
    hasInvoiceCreated,
    invoiceId: hasInvoiceCreated ? ([...ids][0] ?? null) : null,
    attention: stocks.size > 1 || invoices.size > 1 || ids.size > 1,
  };
}
