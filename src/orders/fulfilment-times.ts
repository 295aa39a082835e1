import { isJsonObject } from '../core/json.js';
import { isContentEvent } from './order.js';
import { type FoldedEvent, JOURNAL_RECEIVED } from './order.events.js';

/** What the times are taken from: an event of the log, in version order. */
export type TimedEvent = Pick<FoldedEvent, 'type' | 'schemaVersion' | 'version' | 'observedAt' | 'payload'> & { readonly occurredAt: Date };

/** When an order was ready, sent and picked up, and how long that took; null where nobody saw it happen. Times are ISO text. */
export interface FulfilmentTimes {
  readonly ready_at: string | null;
  readonly sent_at: string | null;
  readonly sent_minutes: number | null;
  readonly picked_up_at: string | null;
  readonly picked_up_minutes: number | null;
}

export const NOT_MEASURED: FulfilmentTimes = { ready_at: null, sent_at: null, sent_minutes: null, picked_up_at: null, picked_up_minutes: null };

const SENT = new Set(['SENT', 'PICKED_UP']);
const PICKED_UP = new Set(['PICKED_UP']);
/** It was sent, and came back. */
const RETURNED = 'RETURNED';
const MINUTE_MS = 60_000;
/** Significant bits that are kept of minutes: every minute within the first hour, then steps of at most 3.2 percent. */
const KEPT_BITS = 6;
/** Twenty years; nothing takes longer, and a broken date must not overflow. */
const MOST_MINUTES = 10_512_000;

interface SeenForm {
  readonly event: TimedEvent;
  readonly status: string;
}

interface Reached {
  readonly before: TimedEvent;
  readonly form: TimedEvent;
}

/** Whether an order in this state may have been sent; of no other one the times are asked. */
export const mayBeSent = (status: string | null): boolean => status !== null && (SENT.has(status) || status === RETURNED);

/** Rounds down to what a histogram tells apart. */
export function coarseMinutes(elapsedMs: number): number {
  const minutes = Math.min(MOST_MINUTES, Math.max(0, Math.floor(elapsedMs / MINUTE_MS)));
  const dropped = Math.max(0, 32 - Math.clz32(minutes) - KEPT_BITS);
  return (minutes >>> dropped) << dropped;
}

function formsOf(events: readonly TimedEvent[]): SeenForm[] {
  return events.filter(isContentEvent).flatMap((event) => {
    const { fulfillment } = event.payload;
    const status = isJsonObject(fulfillment) ? fulfillment['status'] : null;
    return typeof status === 'string' ? [{ event, status }] : [];
  });
}

/** The form that first showed one of the states the order is in since; null as well when it was in it when first read: then nobody saw it happen. */
function reached(forms: readonly SeenForm[], states: ReadonlySet<string>): Reached | null {
  let found: Reached | null = null;
  let before: TimedEvent | null = null;
  let isIn = false;
  for (const { event, status } of forms) {
    if (states.has(status)) {
      if (!isIn) found = before && { before, form: event };
      isIn = true;
    } else if (status !== RETURNED) {
      [found, isIn] = [null, false];
    }
    before = event;
  }
  return found;
}

function journalTimes(events: readonly TimedEvent[], type: string): readonly { version: number; at: number }[] {
  return events
    .filter((event) => event.type === JOURNAL_RECEIVED && event.payload['type'] === type)
    .map(({ version, occurredAt }) => ({ version, at: occurredAt.getTime() }));
}

/** When Allegro says the seller changed the state last before we saw it changed, else when we saw it. */
function instantOf({ before, form }: Reached, events: readonly TimedEvent[]): number {
  const seen = form.observedAt.getTime();
  const changes = journalTimes(events, 'FULFILLMENT_STATUS_CHANGED').filter(
    ({ version, at }) => version > before.version && version < form.version && at <= seen,
  );
  return changes.length === 0 ? seen : Math.max(...changes.map(({ at }) => at));
}

/** When Allegro first said the order may be processed, else when it was bought. */
function readyOf({ form }: Reached, until: number, { events, orderedAt }: { events: readonly TimedEvent[]; orderedAt: string }): number {
  const announced = journalTimes(events, 'READY_FOR_PROCESSING').filter(({ version, at }) => version < form.version && at <= until);
  return announced.length === 0 ? Date.parse(orderedAt) : Math.min(...announced.map(({ at }) => at));
}

interface Measured {
  readonly at: string | null;
  readonly readyAt: string | null;
  readonly minutes: number | null;
}

function measured(found: Reached | null, past: { events: readonly TimedEvent[]; orderedAt: string }): Measured {
  if (!found) return { at: null, readyAt: null, minutes: null };
  const at = instantOf(found, past.events);
  const readyAt = readyOf(found, at, past);
  return { at: iso(at), readyAt: iso(readyAt), minutes: coarseMinutes(at - readyAt) };
}

const iso = (time: number) => new Date(time).toISOString();

/**
 * The times of an order by its events; later events of the same state change nothing.
 * @param orderedAt ISO text
 */
export function fulfilmentTimes(events: readonly TimedEvent[], orderedAt: string): FulfilmentTimes {
  const forms = formsOf(events);
  const sent = measured(reached(forms, SENT), { events, orderedAt });
  const pickedUp = measured(reached(forms, PICKED_UP), { events, orderedAt });
  return {
    ready_at: sent.readyAt ?? pickedUp.readyAt,
    sent_at: sent.at,
    sent_minutes: sent.minutes,
    picked_up_at: pickedUp.at,
    picked_up_minutes: pickedUp.minutes,
  };
}
