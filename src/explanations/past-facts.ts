import { parseInstant } from '../core/instant.js';
import type { JsonValue } from '../core/json.js';
import type { TimelineEntry } from '../orders/order-timeline.js';
import { BUYER_ERASED, FORM_READ, FORM_RELEASED, JOURNAL_RECEIVED, ORDER_RESTORED } from '../orders/order.events.js';
import type { RecordedEvent } from '../platform/event-log/events.js';
import { INVOICE_SET, STOCK_SET } from '../technical-flags/flags.events.js';
import { fact, type Fact } from './fact.js';

/** What read a form, by the causation id of its event; ids that are absent belong to runs that are not kept. */
export type Readers = ReadonlyMap<string, 'journal' | 'listing' | 'sweep'>;

/** A sentence with more places is read by nobody. */
const MOST_PATHS = 10;

type When = { readonly at: Date; readonly version: number };
type Told = (event: RecordedEvent, when: When) => Fact;

const textOf = (value: JsonValue | undefined): string | null => (typeof value === 'string' ? value : null);
const shortened = (paths: readonly string[]): string[] => [...paths.slice(0, MOST_PATHS), ...(paths.length > MOST_PATHS ? ['...'] : [])];

/** What is no reading: one sentence each. */
const HAPPENED: Readonly<Record<string, Told>> = {
  [ORDER_RESTORED]: ({ actor, payload }, when) => {
    const version = typeof payload['version'] === 'number' ? payload['version'] : null;
    return fact('restored', { actor, version, as_of: parseInstant(payload['as_of']), plan_id: textOf(payload['plan_id']) }, when);
  },
  [BUYER_ERASED]: (_, when) => fact('buyer_erased', {}, when),
  [STOCK_SET]: ({ actor, payload }, when) => fact(payload['is_stock_updated'] === true ? 'stock_set' : 'stock_unset', { actor }, when),
  [INVOICE_SET]: ({ actor, payload }, when) => fact(payload['has_invoice_created'] === true ? 'invoice_set' : 'invoice_unset', { actor }, when),
  'order.merged_into': ({ payload }, when) => fact('replaced_by', { order_id: textOf(payload['order_id']) }, when),
  'order.merged_from': ({ payload }, when) => fact('took_over', { order_id: textOf(payload['order_id']) }, when),
};

function readingOf({ causationId, actor, traceId, type }: RecordedEvent, readers: Readers, when: When): Fact {
  const trace = { trace_id: traceId };
  if (type === FORM_RELEASED) return fact('form_released', { actor, ...trace }, when);
  if (actor === 'refresh') return fact('form_by_hand', trace, when);
  const run = { run_id: causationId, ...trace };
  const reader = readers.get(causationId ?? '');
  return reader === undefined ? fact('form_by_unkept_run', run, when) : fact(`form_by_${reader}`, run, when);
}

function announcedBy({ allegroEvent, event }: TimelineEntry, when: When): Fact {
  const { occurredAt, traceId } = event;
  return fact(
    'journal_announced',
    { event_type: allegroEvent?.type ?? null, event_id: allegroEvent?.id ?? null, occurred_at: occurredAt, trace_id: traceId },
    when,
  );
}

/** Tells the past of one order entry by entry; what a form did depends on the forms before it. */
class Telling {
  private knownAt: Date | null = null;
  private hasForm = false;
  private kept: ReadonlySet<string> = new Set();

  constructor(private readonly readers: Readers) {}

  tell(entry: TimelineEntry): Fact[] {
    const { event } = entry;
    const when = { at: event.recordedAt, version: event.version };
    if (event.type === JOURNAL_RECEIVED) return [announcedBy(entry, when)];
    if (event.type === FORM_READ || event.type === FORM_RELEASED) return [readingOf(event, this.readers, when), ...this.effect(entry, when)];
    return [HAPPENED[event.type]?.(event, when) ?? fact('unknown_event', { type: event.type }, when)];
  }

  private effect(entry: TimelineEntry, when: When): Fact[] {
    const facts = [...this.age(entry, when), this.change(entry, when)];
    const kept = entry.kept.map(({ path }) => path);
    const newlyKept = kept.filter((path) => !this.kept.has(path));
    if (newlyKept.length > 0) facts.push(fact('values_kept', { count: newlyKept.length, paths: shortened(newlyKept) }, when));
    this.kept = new Set(kept);
    return facts;
  }

  /** A released form replaces what is known, however old it is. */
  private age({ event }: TimelineEntry, when: When): Fact[] {
    const updatedAt = parseInstant(event.payload['updatedAt']);
    const { knownAt } = this;
    const isOlder = event.type === FORM_READ && updatedAt !== null && knownAt !== null && updatedAt < knownAt;
    if (isOlder) return [fact('older_than_known', { updated_at: updatedAt, known_at: knownAt }, when)];
    this.knownAt = updatedAt ?? knownAt;
    return [];
  }

  private change({ event, changes }: TimelineEntry, when: When): Fact {
    const isFirst = !this.hasForm;
    this.hasForm = true;
    if (isFirst) return fact('became_known', { status: textOf(event.payload['status']) }, when);
    if (changes.length === 0) return fact('nothing_changed', {}, when);
    return fact('places_changed', { count: changes.length, paths: shortened(changes.map(({ path }) => path)) }, when);
  }
}

/** What the log tells of an order, oldest first; never a value of a buyer, only places. */
export function pastFacts(entries: readonly TimelineEntry[], readers: Readers): Fact[] {
  const telling = new Telling(readers);
  return entries.flatMap((entry) => telling.tell(entry));
}
