import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../core/json.js';
import type { RecordedEvent } from '../platform/event-log/events.js';
import { orderTimeline } from './order-timeline.js';

const AT = new Date('2026-03-01T10:00:00Z');
const recorded = (version: number, type: string, payload: JsonObject): RecordedEvent => ({
  streamId: '1', version, orderId: 'o', type, source: 'form', schemaVersion: 1, dedupKey: String(version), occurredAt: AT, observedAt: AT,
  recordedAt: AT, payload, actor: 'sync', causationId: null, traceId: null,
}); // prettier-ignore

describe('the timeline of an order', () => {
  it('tells every event, also those that change nothing', () => {
    const entries = orderTimeline([
      recorded(1, 'journal.received', { id: '7', type: 'BOUGHT' }),
      recorded(2, 'form.read', { status: 'BOUGHT', messageToSeller: 'hi' }),
      recorded(3, 'form.read', { status: 'BOUGHT', messageToSeller: null }),
      recorded(4, 'of.the.future', {}),
      recorded(5, 'journal.received', { id: 8 }),
    ]);
    expect(entries.map(({ event, ...entry }) => ({ version: event.version, ...entry }))).toEqual([
      { version: 1, allegroEvent: { id: '7', type: 'BOUGHT' }, changes: [], kept: [] },
      { version: 2, allegroEvent: null, changes: [{ path: 'status', old: null, new: 'BOUGHT' }, { path: 'messageToSeller', old: null, new: 'hi' }], kept: [] },
      { version: 3, allegroEvent: null, changes: [], kept: [{ path: 'messageToSeller', version: 2 }] },
      { version: 4, allegroEvent: null, changes: [], kept: [{ path: 'messageToSeller', version: 2 }] },
      { version: 5, allegroEvent: { id: null, type: null }, changes: [], kept: [{ path: 'messageToSeller', version: 2 }] },
    ]); // prettier-ignore
  });

  it('skips a form of a schema this code does not know', () => {
    const [entry] = orderTimeline([{ ...recorded(1, 'form.read', { status: 'BOUGHT' }), schemaVersion: 99 }]);
    expect(entry?.changes).toEqual([]);
  });
});
