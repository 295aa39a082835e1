import type { JsonObject } from '../../src/core/json.js';
import type { NewEvent } from '../../src/platform/event-log/events.js';

/** An event of a service command; a test names what it is about. */
export function commandEvent(dedupKey: string, payload: JsonObject = {}, changes: Partial<NewEvent> = {}): NewEvent {
  const instant = new Date('2026-03-01T10:00:00.000Z');
  return { type: 'test.happened', source: 'service', dedupKey, occurredAt: instant, observedAt: instant, actor: 'test', payload, ...changes };
}
