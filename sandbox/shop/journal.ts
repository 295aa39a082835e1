import { DAY_MS } from './instants.js';
import type { EventDraft, JournalEvent } from './journal-event.js';

/** How long Allegro keeps events (allegro-api#11417). */
const JOURNAL_RETENTION_MS = 60 * DAY_MS;

interface JournalQuery {
  /** Only events with a greater id, compared as a number. */
  readonly fromMicros: number;
  readonly limit: number;
  readonly types: ReadonlySet<string> | null;
  readonly nowMs: number;
}

/** A seller's events in the order of their ids, the hidden and the coming ones among them. */
export class Journal {
  #events: JournalEvent[] = [];

  /** Puts the made-up past in place at once. */
  load(drafts: readonly EventDraft[]): void {
    this.#events = drafts.map((draft) => eventOf(draft, microsOf(draft))).sort((left, right) => left.idMicros - right.idMicros);
    let last = 0;
    for (const event of this.#events) {
      if (event.idMicros <= last) event.idMicros = last + 1;
      last = event.idMicros;
    }
  }

  /** Writes one event now. Its id is above every visible one: a reader's cursor must not have passed it. */
  write(draft: EventDraft, nowMs: number): JournalEvent {
    const floor = this.latest(nowMs)?.idMicros ?? 0;
    let micros = Math.max(microsOf(draft), floor + 1);
    let index = this.#firstAbove(micros - 1);
    while (this.#events[index]?.idMicros === micros) {
      micros += 1;
      index += 1;
    }
    const event = eventOf(draft, micros);
    this.#events.splice(index, 0, event);
    return event;
  }

  /** Visible events above the cursor, oldest first, not older than the retention. */
  page(query: JournalQuery): JournalEvent[] {
    const found: JournalEvent[] = [];
    const oldestMicros = (query.nowMs - JOURNAL_RETENTION_MS) * 1_000;
    let index = this.#firstAbove(Math.max(query.fromMicros, oldestMicros));
    for (; index < this.#events.length && found.length < query.limit; index += 1) {
      const event = this.#events[index];
      if (event && event.visibleAtMs <= query.nowMs && (query.types?.has(event.type) ?? true)) found.push(event);
    }
    return found;
  }

  /** The last visible event, or null for an empty journal. */
  latest(nowMs: number): JournalEvent | null {
    const oldestMicros = (nowMs - JOURNAL_RETENTION_MS) * 1_000;
    const event = this.#events.findLast((each) => each.visibleAtMs <= nowMs);
    return event && event.idMicros > oldestMicros ? event : null;
  }

  /** Everything, also what nobody is ever shown. */
  all(): readonly JournalEvent[] {
    return this.#events;
  }

  #firstAbove(micros: number): number {
    let low = 0;
    let high = this.#events.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#events[middle]?.idMicros ?? 0) > micros) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

function microsOf(draft: EventDraft): number {
  return Math.floor(draft.writtenAtMs) * 1_000 + (Math.floor(draft.occurredAtMs * 7) % 1_000);
}

function eventOf(draft: EventDraft, idMicros: number): JournalEvent {
  const { order, type, occurredAtMs, position } = draft;
  // Never before the moment its id names: a reader that saw a later id must not have passed this one.
  const writtenAtMs = Math.max(draft.writtenAtMs, Math.floor(idMicros / 1_000));
  return { idMicros, order, type, occurredAtMs, position, visibleAtMs: writtenAtMs + draft.hiddenForMs };
}
