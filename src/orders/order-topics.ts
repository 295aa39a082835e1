import type { JsonObject } from '../core/json.js';
import type { Announcement } from '../platform/event-log/events.js';
import { documentChanges } from './document-changes.js';

const ORDER_CREATED = 'order.created';
const ORDER_UPDATED = 'order.updated';

/** Statuses that consumers wait for, told once: when the order comes to them. */
const STATUS_TOPICS = new Map<unknown, string>([
  ['READY_FOR_PROCESSING', 'order.ready_for_processing'],
  ['CANCELLED', 'order.cancelled'],
]);
/** A form of a hundred lines that is read again whole differs at some hundred places; who needs more reads the order. */
const MOST_PATHS = 200;
/** Longer than any path of Allegro's documents: a longer one is somebody's text used as a key. */
const LONGEST_PATH = 200;

function topicOfStatus(before: JsonObject | null, after: JsonObject): string[] {
  const topic = before?.['status'] === after['status'] ? undefined : STATUS_TOPICS.get(after['status']);
  return topic === undefined ? [] : [topic];
}

/** Changed paths as consumers are told them. */
export function boundedPaths(paths: readonly string[]): string[] {
  return paths.filter(({ length }) => length <= LONGEST_PATH).slice(0, MOST_PATHS);
}

/**
 * What consumers are told of an order's change: topics and the paths that changed, never a value.
 * A new order names no paths: all of it is new.
 * @param before the document as last known, null for an order whose form was never read
 * @returns null when nothing of the document changed
 */
export function announcementOf(before: JsonObject | null, after: JsonObject): Announcement | null {
  if (before === null) return { topics: [ORDER_CREATED, ...topicOfStatus(null, after)], changed: [] };
  const changed = documentChanges(before, after).map(({ path }) => path);
  if (changed.length === 0) return null;
  return {
    topics: [ORDER_UPDATED, ...topicOfStatus(before, after)],
    changed: boundedPaths(changed),
  };
}
