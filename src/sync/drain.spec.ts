import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../core/json.js';
import { EVENTS_PER_PAGE, isLastPage, isNewerEvent, itemsWithoutForm, mentionedOrders, mustRead, newestEventId, orderOfEvent } from './drain.js';

const event = (id: string, orderId: string | null, changes: JsonObject = {}): JsonObject => ({
  id,
  type: 'BOUGHT',
  occurredAt: '2026-01-01T00:00:00Z',
  order: orderId === null ? {} : { checkoutForm: { id: orderId, revision: 'r1' } },
  ...changes,
});

describe('draining the journal', () => {
  it('compares ids as numbers, whatever their length', () => {
    expect(isNewerEvent('1000', '999')).toBe(true);
    expect(isNewerEvent('999', '1000')).toBe(false);
    expect(isNewerEvent('1', null)).toBe(true);
    expect(isNewerEvent('b', 'a')).toBe(true);
  });

  it('moves the cursor to the largest id of a page, in whatever order the page came', () => {
    expect(newestEventId([event('9', 'a'), event('11', 'b'), event('10', 'c')])).toBe('11');
    expect(newestEventId([{ id: 12 }])).toBe('12');
    expect(newestEventId([])).toBeNull();
  });

  it('goes on until a page is not full', () => {
    const full = Array.from({ length: EVENTS_PER_PAGE }, (_, index) => event(String(index), 'a'));
    expect(isLastPage(full)).toBe(false);
    expect(isLastPage(full.slice(1))).toBe(true);
  });

  it('names each order once, in lower case, with the revision of its newest event', () => {
    const events = [event('1', 'ABC'), event('2', 'abc', { order: { checkoutForm: { id: 'abc', revision: 'r2' } } }), event('3', 'd')];
    expect(mentionedOrders(events)).toEqual([
      { orderId: 'abc', revision: 'r2', readAgain: false },
      { orderId: 'd', revision: 'r1', readAgain: false },
    ]);
  });

  it('knows an event that names no order', () => {
    expect(orderOfEvent(event('1', null))).toBeNull();
    expect(orderOfEvent({ id: '1', order: null })).toBeNull();
    expect(mentionedOrders([event('1', null)])).toEqual([]);
  });

  it('finds the line items of events that name no form', () => {
    const events = [
      event('1', 'a', { order: { checkoutForm: { id: 'a' }, lineItems: [{ id: 'l1' }] } }),
      event('2', null, { order: { lineItems: [{ id: 'l2' }, { id: 7 }, null] } }),
      { id: '3' },
    ];
    expect(itemsWithoutForm(events)).toEqual(['l2']);
  });

  it('reads a form again unless the event names the revision we hold', () => {
    const [order] = mentionedOrders([event('1', 'a')]);
    if (!order) throw new Error('no order');
    expect(mustRead(order, 'r1')).toBe(false);
    expect(mustRead(order, 'r0')).toBe(true);
    expect(mustRead(order, null)).toBe(true);
    expect(mustRead({ ...order, revision: null }, null)).toBe(true);
  });

  it("reads a form again after a seller's change, which may leave the revision as it is", () => {
    const [order] = mentionedOrders([event('1', 'a', { type: 'FULFILLMENT_STATUS_CHANGED' }), event('2', 'a')]);
    expect(order && mustRead(order, 'r1')).toBe(true);
  });
});
