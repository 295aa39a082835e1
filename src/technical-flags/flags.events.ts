import type { JsonObject } from '../core/json.js';
import type { Announcement } from '../platform/event-log/events.js';

/** The names are the storage format of the log: never renamed, never given another meaning. */
export const STOCK_SET = 'flags.stock_set';
export const INVOICE_SET = 'flags.invoice_set';

export interface StockSet {
  readonly is_stock_updated: boolean;
}

export interface InvoiceSet {
  readonly has_invoice_created: boolean;
  readonly invoice_id: string | null;
}

/** The flags of an order, each with the version of the event that last set it (0: never). Times are RFC 3339, null until first written. */
export interface FlagsState {
  readonly isStockUpdated: boolean;
  readonly stockVersion: number;
  readonly hasInvoiceCreated: boolean;
  readonly invoiceId: string | null;
  readonly invoiceVersion: number;
  readonly createdAt: string | null;
  readonly updatedAt: string | null;
}

/** An order whose flags were never written reads as all false. */
export const UNSET_FLAGS: FlagsState = {
  isStockUpdated: false,
  stockVersion: 0,
  hasInvoiceCreated: false,
  invoiceId: null,
  invoiceVersion: 0,
  createdAt: null,
  updatedAt: null,
};

export interface FlagEvent {
  readonly type: string;
  readonly version: number;
  readonly recordedAt: Date;
  readonly payload: JsonObject;
}

/** Version of the last event that wrote a flag; 0 when none did. */
export const flagsVersion = (state: FlagsState): number => Math.max(state.stockVersion, state.invoiceVersion);

function written(state: FlagsState, recordedAt: Date): Pick<FlagsState, 'createdAt' | 'updatedAt'> {
  const at = recordedAt.toISOString();
  return {
    createdAt: state.createdAt === null || at < state.createdAt ? at : state.createdAt,
    updatedAt: state.updatedAt === null || at > state.updatedAt ? at : state.updatedAt,
  };
}

function setStock(state: FlagsState, event: FlagEvent): FlagsState {
  const times = written(state, event.recordedAt);
  if (event.version <= state.stockVersion) return { ...state, ...times };
  return { ...state, ...times, stockVersion: event.version, isStockUpdated: event.payload['is_stock_updated'] === true };
}

function setInvoice(state: FlagsState, event: FlagEvent): FlagsState {
  const times = written(state, event.recordedAt);
  if (event.version <= state.invoiceVersion) return { ...state, ...times };
  const id = event.payload['invoice_id'];
  return {
    ...state,
    ...times,
    invoiceVersion: event.version,
    hasInvoiceCreated: event.payload['has_invoice_created'] === true,
    invoiceId: typeof id === 'string' ? id : null,
  };
}

/** The last writer by version wins, in whatever order the events are folded; other events change nothing. */
export function evolveFlags(state: FlagsState, event: FlagEvent): FlagsState {
  if (event.type === STOCK_SET) return setStock(state, event);
  if (event.type === INVOICE_SET) return setInvoice(state, event);
  return state;
}

/** What consumers are told of a flag event: the paths as the order's answer has them, never a value. */
export function flagsAnnouncement(type: string): Announcement {
  const members = type === STOCK_SET ? ['is_stock_updated'] : ['has_invoice_created', 'invoice_id'];
  return { topics: ['order.flags_changed'], changed: members.map((member) => `technical_flags.${member}`) };
}
