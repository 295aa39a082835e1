import { isJsonObject, type JsonObject, type JsonValue } from '../core/json.js';
import { ACCOUNT_STREAM } from '../platform/event-log/events.js';
import { type ReadableForm, readableForm } from './readable-form.js';
import { journalDedupKey } from './order.events.js';
import type { FailedReading, FormReading, JournalReading, RecordBatch } from './record-batch.js';

export interface KeyedJournalReading extends JournalReading {
  readonly dedupKey: string;
}

export interface ComparedForm extends FormReading {
  readonly content: ReadableForm;
}

/** All readings of one stream: forms in the order they were observed. */
export interface StreamReadings {
  readonly orderId: string;
  readonly journal: KeyedJournalReading[];
  readonly forms: ComparedForm[];
}

/** Allegro's ids are UUIDs and numbers, but not all of them: anything printable without spaces. Longer is no id. */
const USABLE_ID = /^[\x21-\x7e]{1,100}$/;

/** An id as we store it; null when the value is no usable id. Allegro answers 404 for ids in upper case. */
export function orderIdOf(value: JsonValue | undefined): string | null {
  return typeof value === 'string' && USABLE_ID.test(value) ? value.toLowerCase() : null;
}

/** The order a journal event is about; null when it names no form. */
export function orderIdOfEvent(event: JsonObject): string | null {
  const order = event['order'];
  const form = isJsonObject(order) ? order['checkoutForm'] : null;
  return isJsonObject(form) ? orderIdOf(form['id']) : null;
}

function journalKey(event: JsonObject): string | null {
  const id = typeof event['id'] === 'number' ? String(event['id']) : event['id'];
  return typeof id === 'string' && USABLE_ID.test(id) ? journalDedupKey(id) : null;
}

class StreamGroups {
  readonly failed: FailedReading[] = [];
  private readonly streams = new Map<string, StreamReadings>();

  stream(orderId: string): StreamReadings {
    const known = this.streams.get(orderId);
    if (known) return known;
    const born: StreamReadings = { orderId, journal: [], forms: [] };
    this.streams.set(orderId, born);
    return born;
  }

  sorted(): StreamReadings[] {
    const streams = [...this.streams.values()].sort((one, other) => (one.orderId < other.orderId ? -1 : 1));
    for (const { forms } of streams) forms.sort((one, other) => one.observedAt.getTime() - other.observedAt.getTime());
    return streams;
  }
}

function addJournal(groups: StreamGroups, reading: JournalReading): void {
  const dedupKey = journalKey(reading.event);
  const orderId = orderIdOfEvent(reading.event) ?? ACCOUNT_STREAM;
  if (dedupKey === null) groups.failed.push({ orderId, reason: 'the journal event has no usable id' });
  else groups.stream(orderId).journal.push({ ...reading, dedupKey });
}

function addForm(groups: StreamGroups, reading: FormReading, keyedHash: (text: string) => Buffer): void {
  const orderId = orderIdOf(reading.form['id']);
  if (orderId === null) {
    groups.failed.push({ orderId: '', reason: 'the form has no usable id' });
    return;
  }
  try {
    const content = readableForm(reading.form, (text) => keyedHash(`${orderId}\n${text}`));
    groups.stream(orderId).forms.push({ ...reading, content });
  } catch (error) {
    groups.failed.push({ orderId, reason: `the form cannot be read: ${(error as Error).message}` });
  }
}

/** Sorts what was read by stream, streams by order id. What cannot be read is named, and stops nothing else. */
export function groupReadings(
  batch: Pick<RecordBatch, 'journal' | 'forms'>,
  keyedHash: (text: string) => Buffer,
): { streams: StreamReadings[]; failed: FailedReading[] } {
  const groups = new StreamGroups();
  for (const reading of batch.journal) addJournal(groups, reading);
  for (const reading of batch.forms) addForm(groups, reading, keyedHash);
  return { streams: groups.sorted(), failed: groups.failed };
}
