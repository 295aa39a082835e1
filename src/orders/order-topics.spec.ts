import { describe, expect, it } from '@jest/globals';
import { announcementOf } from './order-topics.js';

const line = (quantity: number) => ({ id: 'line-1', quantity });
const order = (status: string, quantity = 1) => ({ status, buyer: { email: 'ewa@example.com' }, lineItems: [line(quantity)] });

describe('what is announced of an order', () => {
  it('is its birth, and the status consumers wait for where it is born with it', () => {
    expect(announcementOf(null, order('BOUGHT'))).toEqual({ topics: ['order.created'], changed: [] });
    expect(announcementOf(null, order('READY_FOR_PROCESSING'))?.topics).toEqual(['order.created', 'order.ready_for_processing']);
    expect(announcementOf(null, order('CANCELLED'))?.topics).toEqual(['order.created', 'order.cancelled']);
  });

  it('is a change of status when the order comes to it, and not again while it stays', () => {
    expect(announcementOf(order('BOUGHT'), order('READY_FOR_PROCESSING'))).toEqual({
      topics: ['order.updated', 'order.ready_for_processing'],
      changed: ['status'],
    });
    expect(announcementOf(order('READY_FOR_PROCESSING'), order('CANCELLED'))?.topics).toEqual(['order.updated', 'order.cancelled']);
    expect(announcementOf(order('CANCELLED'), order('CANCELLED', 2))?.topics).toEqual(['order.updated']);
  });

  it('names the places that changed and none of their values', () => {
    const after = { ...order('BOUGHT', 3), buyer: { email: 'nowa@example.com' } };
    const told = announcementOf(order('BOUGHT'), after);
    expect(told?.changed).toEqual(['buyer.email', 'lineItems[line-1].quantity']);
    expect(JSON.stringify(told)).not.toContain('example.com');
  });

  it('is nothing when nothing changed', () => {
    expect(announcementOf(order('BOUGHT'), order('BOUGHT'))).toBeNull();
  });

  it('leaves out a path that is no path, and is bounded', () => {
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`m${String(index)}`, 1]));
    expect(announcementOf({}, { ['x'.repeat(300)]: 1 })).toEqual({ topics: ['order.updated'], changed: [] });
    expect(announcementOf({}, many)?.changed).toHaveLength(200);
  });
});
