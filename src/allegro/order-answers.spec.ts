import { describe, expect, it } from '@jest/globals';
import type { JsonObject, JsonValue } from '../core/json.js';
import { MalformedAnswer } from './malformed-answer.errors.js';
import { readEvents, readForm, readForms, readLatestEvent, readShipments, readUser, requestedOrderId } from './order-answers.js';

const NOTHING: JsonValue[] = [null, [], 'text', 5, { errors: [{ code: 'X' }] }, { error: 'invalid_token' }];

describe('reading answers about orders', () => {
  it.each(NOTHING)('%j is never an empty list of events or orders', (body) => {
    for (const read of [readEvents, readForms, readUser, readLatestEvent, readShipments]) expect(() => read(body)).toThrow(MalformedAnswer);
    expect(() => readForm(body, 'x')).toThrow(MalformedAnswer);
  });

  it('an object without its list is no empty page', () => {
    expect(() => readEvents({})).toThrow(MalformedAnswer);
    expect(() => readForms({ count: 0, totalCount: 0 })).toThrow(MalformedAnswer);
  });

  it('a page of events keeps unknown keys, order and ids as they came', () => {
    const events: JsonObject[] = [{ id: '2', new: true }, { id: 'one' }, { id: 3 }];
    expect(readEvents({ events, extra: 1 })).toBe(events);
    expect(readEvents({ events: [] })).toEqual([]);
  });

  it('a page whose entries are no events, or have no id, is handed on whole: who lands it keeps them', () => {
    const events: JsonValue[] = [{ id: '1' }, { type: 'BOUGHT' }, null, 7, []];
    expect(readEvents({ events })).toEqual(events);
  });

  it('an account without events has no latest event', () => {
    expect([readLatestEvent({}), readLatestEvent({ latestEvent: null })]).toEqual([null, null]);
    expect(readLatestEvent({ latestEvent: { id: '7' } })).toEqual({ id: '7', occurredAt: null });
    expect(() => readLatestEvent({ latestEvent: { occurredAt: 'x' } })).toThrow(MalformedAnswer);
    expect(() => readLatestEvent({ latestEvent: 5 })).toThrow(MalformedAnswer);
  });

  it('counts may be strings, and the total may not be absent', () => {
    expect(readForms({ checkoutForms: [{}], count: '1', totalCount: '12' })).toEqual({ forms: [{}], count: 1, totalCount: 12 });
    expect(readForms({ checkoutForms: [], totalCount: 0 }).count).toBe(0);
    for (const totalCount of [null, -1, 1.5, 'many', undefined as never]) {
      expect(() => readForms({ checkoutForms: [], totalCount })).toThrow(MalformedAnswer);
    }
    expect(() => readForms({ checkoutForms: {}, totalCount: 1 })).toThrow(MalformedAnswer);
  });

  it('what a list of forms holds is passed on, whatever it is: it is judged entry by entry', () => {
    expect(readForms({ checkoutForms: [[], null, { id: 'o-1' }], totalCount: 3 }).forms).toEqual([[], null, { id: 'o-1' }]);
    expect(() => readForms({ checkoutForms: [[], null], totalCount: 2 })).toThrow(MalformedAnswer);
  });

  it('an order must be the one that was asked for', () => {
    const id = '708E1661-D9A6-11EA-AF24-092CAAF64BDE';
    expect(readForm({ id, status: 'NEW_STATUS' }, requestedOrderId(id))).toEqual({ id, status: 'NEW_STATUS' });
    expect(() => readForm({ id: 'other' }, 'x')).toThrow('another');
    expect(() => readForm({ buyer: {} }, 'x')).toThrow('no id');
  });

  it('parcels are a list of objects of a believable length, whatever stands in them', () => {
    const answer: JsonObject = { shipments: [{ waybill: null, new: 1 }, { waybill: 'AD-1' }] };
    expect(readShipments(answer)).toEqual(answer);
    for (const shipments of [null, {}, 'none', ['AD-1'], Array.from({ length: 201 }, () => ({}))] as JsonValue[]) {
      expect(() => readShipments({ shipments })).toThrow(MalformedAnswer);
    }
    expect(() => readShipments({})).toThrow(MalformedAnswer);
  });

  it('only ids that look like UUIDs are put in small letters', () => {
    expect(requestedOrderId('708E1661-D9A6-11EA-AF24-092CAAF64BDE')).toBe('708e1661-d9a6-11ea-af24-092caaf64bde');
    expect(requestedOrderId('ORDER-Mock-004')).toBe('ORDER-Mock-004');
  });

  it('a user is an id, the rest may be absent or null', () => {
    expect(readUser({ id: 'u1', login: null, baseMarketplace: null })).toEqual({ id: 'u1', login: null, baseMarketplace: null });
    expect(readUser({ id: 46968690, login: 'Client:46968690', baseMarketplace: { id: 'allegro-pl' } })).toEqual({
      id: '46968690',
      login: 'Client:46968690',
      baseMarketplace: 'allegro-pl',
    });
    expect(() => readUser({ id: '' })).toThrow(MalformedAnswer);
  });
});
