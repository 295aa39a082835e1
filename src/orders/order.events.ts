import type { JsonObject } from '../core/json.js';

/** The names are the storage format of the log: never renamed, never given another meaning. */

/** One event of Allegro's journal, verbatim. It marks an order as changed and never sets its state. */
export const JOURNAL_RECEIVED = 'journal.received';
/** One checkout form as Allegro answered it, verbatim. */
export const FORM_READ = 'form.read';
/** A form that was held at first and released by a person: it replaces what was known, where a form that is read is merged into it. */
export const FORM_RELEASED = 'form.released';
/**
 * A person put the order back to what an older prefix of its own stream made it. It names the version and holds no values, so that
 * nothing is kept twice and an erasure reaches what was put back as well. It stands until a form arrives that differs from the one last read.
 */
export const ORDER_RESTORED = 'order.restored';

/** What Allegro answered about the order's parcels, verbatim. */
export const SHIPMENTS_READ = 'shipments.read';

/** The buyer was erased: what is personal in the events before it cannot be read any more. */
export const BUYER_ERASED = 'order.buyer_erased';

/** The highest schema version of these events this code folds; a newer one is kept and skipped, like an unknown type. */
export const FORM_SCHEMA_VERSION = 1;

/** What folding needs to know of a recorded event. */
export interface FoldedEvent {
  readonly type: string;
  readonly schemaVersion: number;
  readonly version: number;
  readonly observedAt: Date;
  readonly recordedAt: Date;
  readonly payload: JsonObject;
}

/** Repeating an event of the journal is recognised by Allegro's own id. */
export const journalDedupKey = (eventId: string): string => `j:${eventId}`;

/** First hex digits of a content hash in a dedup key: 64 bits within the readings of one order. */
const HASH_DIGITS = 16;

/**
 * Names the version of the form before, so that a way back (A, B, A) is three events: neither `revision` nor `updatedAt` tells them apart.
 * @param previousVersion version of the form the stream held before, 0 for none
 */
export function formDedupKey(previousVersion: number, contentHash: Buffer): string {
  return `f:${String(previousVersion)}:${contentHash.toString('hex').slice(0, HASH_DIGITS)}`;
}

/**
 * As {@link formDedupKey}, of an answer about parcels.
 * @param previousVersion of the order's content before
 */
export function shipmentsDedupKey(previousVersion: number, contentHash: Buffer): string {
  return `s:${String(previousVersion)}:${contentHash.toString('hex').slice(0, HASH_DIGITS)}`;
}

/** Version of the stream that a restoring event goes back to; null for every other event. */
export function restoredVersion({ type, schemaVersion, payload }: Pick<FoldedEvent, 'type' | 'schemaVersion' | 'payload'>): number | null {
  const version = payload['version'];
  return type === ORDER_RESTORED && schemaVersion <= FORM_SCHEMA_VERSION && typeof version === 'number' ? version : null;
}
