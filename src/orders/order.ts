import { evolveFlags, type FlagsState, UNSET_FLAGS } from '../technical-flags/flags.events.js';
import { mergeForm, type MergedForms } from './merge-order.js';
import { FORM_READ, FORM_RELEASED, FORM_SCHEMA_VERSION, type FoldedEvent } from './order.events.js';

/** What the forms say of an order. Times are ISO text. */
export interface OrderContent {
  readonly merged: MergedForms;
  /** Version of the last event in it: a form, or a restore. */
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
    merged,
    version: Math.max(version, content.version),
    firstSeenAt: earlier(observedAt, content.firstSeenAt),
    createdAt: earlier(recordedAt, content.createdAt),
    updatedAt: later(recordedAt, content.updatedAt),
  };
}

/** The content of an older state, put back by `event`; what is merged from then on is merged into it. */
export function restoreContent(past: OrderContent, { version, recordedAt }: Pick<FoldedEvent, 'version' | 'recordedAt'>): OrderContent {
  return { ...past, version, updatedAt: later(recordedAt.toISOString(), past.updatedAt) };
}

/** Folds one event of an order's stream; a restoring one needs the states before it, see `foldHistory`. Types and schema versions this code does not know change nothing. */
export function evolve(state: OrderState, event: FoldedEvent): OrderState {
  if (isContentEvent(event)) return { ...state, content: evolveContent(state.content, event) };
  const flags = evolveFlags(state.flags, event);
  return flags === state.flags ? state : { ...state, flags };
}
