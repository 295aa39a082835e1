import type { JsonValue } from '../core/json.js';
import type { RecordedEvent } from '../platform/event-log/events.js';
import { documentChanges } from './document-changes.js';
import { shownOf } from './order-timeline.js';
import { foldHistory, stateAt } from './replay-order.js';

/** A place that changed, with both values; absent reads as null. */
export interface ValueChange {
  readonly path: string;
  readonly from: JsonValue;
  readonly to: JsonValue;
}

/**
 * What one announcement of an order changed, with its values: from the order before the append that led to `version`.
 * @param events of the stream in version order, at least up to `version`
 * @param changed the paths announced; others are not told
 */
export function orderDiff(events: readonly RecordedEvent[], version: number, changed: readonly string[]): ValueChange[] {
  const told = new Set(changed);
  const last = events.find((event) => event.version === version);
  if (!last || told.size === 0) return [];
  // All events of one append are recorded at the same moment.
  const before = events.findLast((event) => event.version < version && event.recordedAt < last.recordedAt)?.version ?? 0;
  const states = foldHistory(events);
  const [then, now] = [before, version].map((at) => shownOf(stateAt(events, states, at)).document);
  return documentChanges(then ?? {}, now ?? {}).flatMap(({ path, old, new: to }) => (told.has(path) ? [{ path, from: old, to }] : []));
}
