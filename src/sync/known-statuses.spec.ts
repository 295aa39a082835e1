import { describe, expect, it } from '@jest/globals';
import { availableStatuses } from './known-statuses.js';

describe('the statuses orders can be filtered by', () => {
  it('are those Allegro is known to use when there are no orders', () => {
    const { order, fulfillment, all } = availableStatuses({ order: [], fulfillment: [] });
    expect(order).toEqual(['BOUGHT', 'FILLED_IN', 'READY_FOR_PROCESSING', 'CANCELLED']);
    expect(fulfillment).toContain('READY_FOR_SHIPMENT');
    expect(all).toHaveLength(new Set([...order, ...fulfillment]).size);
  });

  it('include what is present and unknown, each once', () => {
    const { order, all } = availableStatuses({ order: ['BOUGHT', 'ON_HOLD'], fulfillment: ['ON_HOLD', 'SENT'] });
    expect(order).toEqual(['BOUGHT', 'FILLED_IN', 'READY_FOR_PROCESSING', 'CANCELLED', 'ON_HOLD']);
    expect(all.filter((status) => status === 'ON_HOLD')).toEqual(['ON_HOLD']);
  });
});
