import type { Order } from './order.js';

/** One line of a seller's journal. */
export interface JournalEvent {
  /** Microseconds since 1970 of the moment it was written: 16 digits, within what a number holds exactly. */
  idMicros: number;
  readonly order: Order;
  readonly type: string;
  readonly occurredAtMs: number;
  /** How many steps its order had taken: settles the revision it names. */
  readonly position: number;
  /** From when the journal shows it; Infinity for an event that is never shown. */
  visibleAtMs: number;
}

/** An event about to be written, with what the faults may change. */
export interface EventDraft {
  readonly order: Order;
  readonly type: string;
  readonly occurredAtMs: number;
  /** How many steps its order had taken. */
  readonly position: number;
  writtenAtMs: number;
  /** How long after it was written it becomes visible. */
  hiddenForMs: number;
}

/** Where the history ends and the present begins: faults may hold events back until after this. */
export interface WritingContext {
  readonly startedAtMs: number;
  /** True while the past is made up; its events may be moved about freely before `startedAtMs`. */
  readonly history: boolean;
}
