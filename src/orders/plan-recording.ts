import { parseInstant } from '../core/instant.js';
import type { JsonObject } from '../core/json.js';
import { recordingTime } from '../platform/event-log/append-plan.js';
import type { FormContent, NewEvent } from '../platform/event-log/events.js';
import type { Head } from '../platform/event-log/heads.js';
import { namedBuyer, type NamedBuyer } from '../platform/vault/buyer-reference.js';
import { erasedHash, isSameContent } from './readable-form.js';
import type { ComparedForm, KeyedJournalReading, StreamReadings } from './group-readings.js';
import { FORM_READ, FORM_RELEASED, FORM_SCHEMA_VERSION, formDedupKey, JOURNAL_RECEIVED } from './order.events.js';
import { evolveContent, type OrderContent } from './order.js';

/** What of a stream's readings is new to the log. */
export interface NewReadings {
  readonly orderId: string;
  readonly head: Head;
  readonly journal: readonly KeyedJournalReading[];
  readonly journalKnown: number;
  readonly forms: readonly ComparedForm[];
  readonly formsKnown: number;
}

export interface RecordingPlan {
  readonly events: readonly NewEvent[];
  /** The form the head will remember; absent when no form is appended. */
  readonly formContent?: FormContent;
  /** The order's content after its new forms; null when there are none. */
  readonly content: OrderContent | null;
  readonly buyer: NamedBuyer | null;
}

export interface Origin {
  readonly actor: string;
  readonly causationId?: string;
}

/** Whether the order's data key was destroyed: nothing personal of it is kept again. */
const isErased = (head: Head) => head.hasKey && head.wrappedKey === null;

/** Drops journal events the stream holds and forms equal to the one before them. */
export function newReadings({ orderId, journal, forms }: StreamReadings, head: Head): NewReadings {
  const seen = new Set(head.knownKeys);
  const fresh = journal.filter(({ dedupKey }) => !seen.has(dedupKey) && seen.add(dedupKey));
  let known = head.contentHash;
  const changed = forms.filter(({ content }) => {
    if (isSameContent(known, content.hash, isErased(head))) return false;
    known = content.hash;
    return true;
  });
  return { orderId, head, journal: fresh, journalKnown: journal.length - fresh.length, forms: changed, formsKnown: forms.length - changed.length };
}

function commonParts(reading: { observedAt: Date; traceId: string | null }, origin: Origin) {
  return {
    observedAt: reading.observedAt,
    ...origin,
    ...(reading.traceId === null ? {} : { traceId: reading.traceId }),
  };
}

function journalEvent(reading: KeyedJournalReading, origin: Origin): NewEvent {
  const occurredAt = parseInstant(reading.event['occurredAt']) ?? reading.observedAt;
  return { type: JOURNAL_RECEIVED, source: 'journal', dedupKey: reading.dedupKey, occurredAt, payload: reading.event, ...commonParts(reading, origin) };
}

const formType = ({ isReleased }: ComparedForm) => (isReleased ? FORM_RELEASED : FORM_READ);

function formEvent(reading: ComparedForm, previousVersion: number, origin: Origin): NewEvent {
  return {
    type: formType(reading),
    source: 'form',
    schemaVersion: FORM_SCHEMA_VERSION,
    dedupKey: formDedupKey(previousVersion, reading.content.hash),
    occurredAt: parseInstant(reading.form['updatedAt']) ?? reading.observedAt,
    payload: reading.form,
    ...commonParts(reading, origin),
  };
}

function headContent(last: ComparedForm, head: Head): FormContent {
  const { hash } = last.content;
  const { revision } = last.form;
  return { hash: isErased(head) ? erasedHash(hash) : hash, revision: typeof revision === 'string' ? revision.replaceAll('\0', '').toWellFormed() : null };
}

/** Journal events alone: what is appended where a form of the same order cannot be folded. */
export function planJournal({ journal }: NewReadings, origin: Origin): RecordingPlan {
  const buyer = journal.map(({ event }) => namedBuyer(event)).find((named) => named !== null) ?? null;
  return { events: journal.map((reading) => journalEvent(reading, origin)), content: null, buyer };
}

/**
 * The events of one stream, journal before forms, and the order's content after them.
 * @param content the order's content before, null when the stream holds no form yet
 */
export function planRecording(readings: NewReadings, content: OrderContent | null, origin: Origin): RecordingPlan {
  const { head, forms } = readings;
  const journal = planJournal(readings, origin);
  const last = forms.at(-1);
  if (!last) return journal;
  const events = [...journal.events];
  let folded = content;
  let previousVersion = head.contentVersion ?? 0;
  for (const reading of forms) {
    events.push(formEvent(reading, previousVersion, origin));
    const version = head.version + events.length;
    const payload: JsonObject = reading.content.stored(isErased(head));
    const times = { observedAt: reading.observedAt, recordedAt: recordingTime(head) };
    folded = evolveContent(folded, { type: formType(reading), schemaVersion: FORM_SCHEMA_VERSION, version, payload, ...times });
    previousVersion = version;
  }
  return { events, formContent: headContent(last, head), content: folded, buyer: namedBuyer(last.form) ?? journal.buyer };
}
