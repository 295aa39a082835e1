import { isJsonObject, type JsonValue } from '../core/json.js';

/** Events can become visible behind the cursor; how long after is not documented, so the journal is read again this often. */
const OVERLAP_EVERY_MS = 10 * 60_000;
/** Between an event's time and its form's `updatedAt`; posted pairs differ by seconds. */
const SAFETY_MS = 15 * 60_000;

interface Overlap {
  readonly lastEventId: string | null;
  readonly overlapEventId: string | null;
  readonly overlapReadAt: Date | null;
}

/** Where the next drain starts: at the cursor, or now and then at a stored older event id (never a computed one). */
export function overlapStart(cursor: Overlap, now: Date): string | null {
  if (cursor.overlapEventId === null || cursor.overlapReadAt === null) return cursor.lastEventId;
  const due = now.getTime() - cursor.overlapReadAt.getTime() >= OVERLAP_EVERY_MS;
  return due ? cursor.overlapEventId : cursor.lastEventId;
}

/** No form these events mention was changed by its buyer before this instant. */
export function readSince(events: readonly JsonValue[], observedAt: Date): Date {
  const times = events
    .filter(isJsonObject)
    .map((event) => Date.parse(typeof event.occurredAt === 'string' ? event.occurredAt : ''))
    .filter((time) => !Number.isNaN(time));
  return new Date(Math.min(observedAt.getTime(), ...times) - SAFETY_MS);
}
