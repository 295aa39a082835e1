import type { JsonObject } from '../core/json.js';
import type { Fence } from '../platform/event-log/events.js';

/** One event of Allegro's journal as fetched. */
export interface JournalReading {
  readonly event: JsonObject;
  readonly observedAt: Date;
  readonly traceId: string | null;
}

/** One checkout form as fetched. */
export interface FormReading {
  readonly form: JsonObject;
  readonly observedAt: Date;
  readonly traceId: string | null;
  /** Set for a form that was held and is released now: it replaces what is known of the order. */
  readonly isReleased?: boolean;
}

/** What one run read of one account. */
export interface RecordBatch {
  readonly accountId: string;
  readonly fence: Fence | null;
  readonly actor: string;
  readonly causationId?: string;
  readonly journal: readonly JournalReading[];
  readonly forms: readonly FormReading[];
  /** Performs each transaction of the batch, of which there may be several: where a test lets one of them fail. */
  readonly perform?: <T>(transaction: () => Promise<T>) => Promise<T>;
}

/** A reading that could not be recorded; the others were. `orderId` is '' where the reading names none. */
export interface FailedReading {
  readonly orderId: string;
  readonly reason: string;
}

/** What became of a batch; lists hold order ids. */
export interface RecordResult {
  readonly created: readonly string[];
  readonly updated: readonly string[];
  /** Orders whose forms all were the one the log holds. */
  readonly unchanged: number;
  readonly journalAppended: number;
  readonly journalKnown: number;
  readonly failed: readonly FailedReading[];
}

export const NOTHING_RECORDED: RecordResult = { created: [], updated: [], unchanged: 0, journalAppended: 0, journalKnown: 0, failed: [] };

export function addResults(one: RecordResult, other: RecordResult): RecordResult {
  return {
    created: [...one.created, ...other.created],
    updated: [...one.updated, ...other.updated],
    unchanged: one.unchanged + other.unchanged,
    journalAppended: one.journalAppended + other.journalAppended,
    journalKnown: one.journalKnown + other.journalKnown,
    failed: [...one.failed, ...other.failed],
  };
}
