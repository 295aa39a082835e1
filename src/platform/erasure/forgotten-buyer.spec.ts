import { describe, expect, it } from '@jest/globals';
import { ForgottenBuyer } from './forgotten-buyer.js';

const FORGETTING = { erasureId: 'e-1', tenantId: 'shop', accountId: '1', until: new Date(0), orders: [{ streamId: '7', orderId: 'o-7' }] };
const buyer = new ForgottenBuyer(FORGETTING, { ids: ['42'], texts: ['Łukasz Żak', 'zak@example.com', '+48 600 100 200', 'ul. Długa 1'] });

describe('a buyer who is to be forgotten', () => {
  it('is found in a text however it is written', () => {
    for (const text of ['for ŁUKASZ  ŻAK', 'wrote to Zak@Example.com', 'call +48-600-100-200 now', '{"street":"Ul. Długa 1"}']) {
      expect(buyer.isNamedIn(text)).toBe(true);
    }
  });

  it('is not found where only somebody like them is named', () => {
    for (const text of [null, '', 'Łukasz Nowak', 'zak@example.org', '+48 600 100 201', 'order 42']) expect(buyer.isNamedIn(text)).toBe(false);
  });

  it('is found as the buyer of a document by id alone, wherever the buyer stands in it', () => {
    expect(buyer.isIn({ order: { buyer: { id: '42' } } })).toBe(true);
    expect(buyer.isIn([{ buyer: { id: '42' } }])).toBe(true);
    expect(buyer.isIn({ id: '42', buyer: { id: '43' } })).toBe(false);
  });

  it('shows nothing of what betrays them when it is written out', () => {
    expect(JSON.stringify(buyer)).not.toMatch(/ukasz|zak@|600|42/i);
  });
});
