import type { JsonObject, JsonValue } from '../core/json.js';
import { evolveFlags, type FlagsState, UNSET_FLAGS } from '../technical-flags/flags.events.js';
import { type KeptValue, mergedDocument, mergeForm, type MergedForms } from './merge-order.js';
import { FORM_READ, FORM_RELEASED, FORM_SCHEMA_VERSION, type FoldedEvent, SHIPMENTS_READ } from './order.events.js';

/** What the forms say of an order. Times are ISO text. */
export interface OrderContent {
  readonly merged: MergedForms;
  /** The parcels as last read; absent while nobody read any. */
  readonly shipments?: readonly JsonValue[];
  /** Version of the last event in it: a form, an answer about parcels, or a restore. */
  readonly version: number;
  /** When we first fetched a form of it. */
  readonly firstSeenAt: string;
  /** When its first and its last form were recorded. */
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface OrderState {
  /** null until a form was read: the journal alone tells that an order exists, not what it is. */
  readonly content: OrderContent | null;
  readonly flags: FlagsState;
}

export const UNKNOWN_ORDER: OrderState = { content: null, flags: UNSET_FLAGS };

const earlier = (one: string, other: string) => (one < other ? one : other);
const later = (one: string, other: string) => (one > other ? one : other);

/** Whether the event says something about the order itself (the journal only announces it). */
export function isContentEvent(event: Pick<FoldedEvent, 'type' | 'schemaVersion'>): boolean {
  return (event.type === FORM_READ || event.type === FORM_RELEASED) && event.schemaVersion <= FORM_SCHEMA_VERSION;
}

/** Folds one form event; `event` must be one for which {@link isContentEvent} holds. */
export function evolveContent(content: OrderContent | null, event: FoldedEvent): OrderContent {
  const { version } = event;
  const observedAt = event.observedAt.toISOString();
  const recordedAt = event.recordedAt.toISOString();
  // Merging a released form would bring back the very lines a person agreed to lose.
  const before = event.type === FORM_RELEASED ? null : (content?.merged ?? null);
  const merged = mergeForm(before, { form: event.payload, observedAt: event.observedAt, version });
  if (!content) return { merged, version, firstSeenAt: observedAt, createdAt: recordedAt, updatedAt: recordedAt };
  return {
    ...content,
    merged,
    version: Math.max(version, content.version),
    firstSeenAt: earlier(observedAt, content.firstSeenAt),
    createdAt: earlier(recordedAt, content.createdAt),
    updatedAt: later(recordedAt, content.updatedAt),
  };
}

/** Folds an answer about parcels. */
export function evolveShipments(content: OrderContent, { payload, version, recordedAt }: FoldedEvent): OrderContent {
  return { ...content, shipments: shipmentsIn(payload), version, updatedAt: later(recordedAt.toISOString(), content.updatedAt) };
}

/** The parcels of an answer. */
export function shipmentsIn(payload: JsonObject): readonly JsonValue[] {
  const list = payload['shipments'];
  return Array.isArray(list) ? list : [];
}

/** An order's content with the parcels of another one of its states. */
export function withShipmentsOf(content: OrderContent, { shipments }: Pick<OrderContent, 'shipments'>): OrderContent {
  const { shipments: _shipments, ...others } = content;
  return shipments === undefined ? others : { ...others, shipments };
}

/** The order as last known, its parcels included, and what its freshest form does not say of it. */
export function contentDocument({ merged, shipments }: OrderContent): { readonly document: JsonObject; readonly kept: KeptValue[] } {
  const { document, kept } = mergedDocument(merged);
  return { document: shipments === undefined ? document : { ...document, shipments: [...shipments] }, kept };
}

/**
 * The content of an older state, put back by `event`; what is merged from then on is merged into it. The parcels of `now` stay:
 * what was sent is not taken back by putting a form back.
 */
export function restoreContent(
  past: OrderContent,
  now: OrderContent | null,
  { version, recordedAt }: Pick<FoldedEvent, 'version' | 'recordedAt'>,
): OrderContent {
  return { ...withShipmentsOf(past, now ?? past), version, updatedAt: later(recordedAt.toISOString(), past.updatedAt) };
}

/** Folds one event of an order's stream; a restoring one needs the states before it, see `foldHistory`. Types and schema versions this code does not know change nothing. */
export function evolve(state: OrderState, event: FoldedEvent): OrderState {
  if (isContentEvent(event)) return { ...state, content: evolveContent(state.content, event) };
  if (event.type === SHIPMENTS_READ && event.schemaVersion <= FORM_SCHEMA_VERSION && state.content)
    return { ...state, content: evolveShipments(state.content, event) };
  const flags = evolveFlags(state.flags, event);
  return flags === state.flags ? state : { ...state, flags };
}
