import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../core/json.js';
import { FORM_READ, FORM_RELEASED } from './order.events.js';
import { replayOrder } from './replay-order.js';
import { snapshotOf } from './order-snapshot.js';

const AT = Date.parse('2026-03-01T09:00:00.000Z');
const event = (type: string, version: number, payload: JsonObject) => {
  const at = new Date(AT + version * 60_000);
  return { type, schemaVersion: 1, version, payload: { id: 'o-1', status: 'BOUGHT', ...payload }, observedAt: at, recordedAt: at };
};
function documentAfter(...events: ReturnType<typeof event>[]): JsonObject {
  const { content } = replayOrder(events);
  if (!content) throw new Error('no form was folded');
  return snapshotOf(content).document;
}

const FULL = event(FORM_READ, 1, { lineItems: [{ id: 'l-1' }], messageToSeller: 'hello' });

describe('a released form', () => {
  it('replaces what was known: what it does not hold is gone, where a form that is read would bring it back', () => {
    expect(documentAfter(FULL, event(FORM_RELEASED, 2, { lineItems: [] }))).toEqual({ id: 'o-1', status: 'BOUGHT', lineItems: [] });
    expect(documentAfter(FULL, event(FORM_READ, 2, { lineItems: [] }))).toMatchObject({ lineItems: [{ id: 'l-1' }], messageToSeller: 'hello' });
  });

  it('is what later forms are merged into', () => {
    const later = event(FORM_READ, 3, { lineItems: null, buyer: { login: 'x' } });
    expect(documentAfter(FULL, event(FORM_RELEASED, 2, { lineItems: [{ id: 'l-2' }] }), later)).toMatchObject({
      lineItems: [{ id: 'l-2' }],
      buyer: { login: 'x' },
    });
  });

  it('keeps when the order was first seen', () => {
    const { content } = replayOrder([FULL, event(FORM_RELEASED, 2, {})]);
    expect(content).toMatchObject({ version: 2, firstSeenAt: FULL.observedAt.toISOString(), createdAt: FULL.recordedAt.toISOString() });
  });
});
