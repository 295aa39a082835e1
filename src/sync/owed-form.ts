import type { JsonValue } from '../core/json.js';
import type { Secret } from '../core/secret.js';

/** Why an order's form did not land with the events that mention it. */
export type OwedReason = 'dirty' | 'unavailable' | 'missing' | 'forbidden' | 'malformed' | 'unreadable';

/** What Allegro said instead of a form: JSON, or the text of a page. */
export interface KeptAnswer {
  readonly contentType: string;
  readonly content: JsonValue;
}

/** A form an account still owes us. */
export interface OwedForm {
  readonly orderId: string;
  readonly reason: OwedReason;
  readonly error: string;
  readonly allegroStatus: number | null;
  readonly traceId: string | null;
  readonly answer?: KeptAnswer;
}

/** An order whose form is not read now, because the account's forms are paused. */
export function putAside(orderId: string): OwedForm {
  return { orderId, reason: 'dirty', error: 'waits until the sync of the account goes on', allegroStatus: null, traceId: null };
}

/** First pause: a form is often readable seconds after its event. */
const FIRST_PAUSE_MS = 15_000;
/** Longest pause: what is still missing after hours is looked at a few times a day. */
const LONGEST_PAUSE_MS = 6 * 3_600_000;

/** What does not exist is not asked for as often as what fails: a merged purchase never comes back. */
const LONGEST_PAUSE_MISSING_MS = 24 * 3_600_000;
/** So many failures in a row, while other orders could be read, are the order's own. */
const POISON_AFTER = 5;

/** Whether an order is put aside; what is missing or waits for a pause is no poison. */
export function isPoison(reason: OwedReason, consecutive: number): boolean {
  return consecutive >= POISON_AFTER && reason !== 'missing' && reason !== 'dirty';
}

/** When a form is asked for again after `attempts` failures; `jitter` from 0 to 1 spreads many. */
export function nextTry(attempts: number, now: Date, jitter: number, reason: OwedReason = 'unavailable'): Date {
  const growth = reason === 'missing' ? 8 : 4;
  const longest = reason === 'missing' ? LONGEST_PAUSE_MISSING_MS : LONGEST_PAUSE_MS;
  const pause = Math.min(longest, FIRST_PAUSE_MS * growth ** Math.max(0, attempts - 1));
  return new Date(now.getTime() + pause / 2 + (jitter * pause) / 2);
}

/** What an answer of Allegro said, as far as an owed form needs it. */
export interface FormFailure {
  readonly kind: string;
  readonly code: string;
  readonly message: string;
  readonly allegroStatus: number | null;
  readonly traceId: string | null;
  readonly answer: { readonly contentType: string; readonly text: Secret } | null;
}

/** An answer as it is kept: JSON where it is JSON, else its text. */
export function keptAnswer(answer: FormFailure['answer']): { answer?: KeptAnswer } {
  if (!answer) return {};
  const text = answer.text.reveal();
  return { answer: { contentType: answer.contentType, content: jsonOf(text) ?? text } };
}

function jsonOf(text: string): JsonValue | null {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return null;
  }
}

/** Failures of one order. All others (throttled, unauthorized, cancelled) concern the account or everybody and end the run. */
const REASONS: Readonly<Record<string, OwedReason>> = {
  unavailable: 'unavailable',
  forbidden: 'forbidden',
  rejected: 'malformed',
  malformed: 'malformed',
};

/** The owed form a failed reading leaves behind; null when the failure is not the order's. */
export function owedBy(orderId: string, failure: FormFailure): OwedForm | null {
  // With an open circuit nothing was asked, so nothing is known about this order.
  const reason = failure.code === 'ALLEGRO_CIRCUIT_OPEN' ? undefined : REASONS[failure.kind];
  if (reason === undefined) return null;
  return {
    orderId,
    reason,
    error: `${failure.code}: ${failure.message}`,
    allegroStatus: failure.allegroStatus,
    traceId: failure.traceId,
    ...keptAnswer(failure.answer),
  };
}

/** So many unreadable orders without a single readable one are an outage, not bad orders. */
const OUTAGE_AFTER = 3;

/** Whether the failures so far mean that Allegro is down: an outage puts no order aside. */
export function isOutage(owed: readonly OwedForm[], readable: number): boolean {
  return readable === 0 && owed.filter((form) => form.reason === 'unavailable').length >= OUTAGE_AFTER;
}
