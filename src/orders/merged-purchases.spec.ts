import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../core/json.js';
import { UNSET_FLAGS } from '../technical-flags/flags.events.js';
import { carriedFlags, evolveMerge, MERGED_FROM, MERGED_INTO, NOT_MERGED, purchasesOf, successorOf } from './merged-purchases.js';

const order = { streamId: '1', items: ['a', 'b'], isGone: false };

describe('the successor of an order', () => {
  it('is the one that holds all its purchases', () => {
    expect(
      successorOf(
        order,
        new Map([
          ['a', '9'],
          ['b', '9'],
        ]),
      ),
    ).toBe('9');
  });

  it('is unknown while the order still holds one of them and its form exists', () => {
    expect(
      successorOf(
        order,
        new Map([
          ['a', '9'],
          ['b', '1'],
        ]),
      ),
    ).toBeNull();
    expect(successorOf(order, new Map([['a', '9']]))).toBeNull();
  });

  it('holds some of them once the form of the order is gone', () => {
    expect(
      successorOf(
        { ...order, isGone: true },
        new Map([
          ['a', '1'],
          ['b', '9'],
        ]),
      ),
    ).toBe('9');
  });

  it('does not exist for an order that is gone with its purchases', () => {
    expect(successorOf({ ...order, isGone: true }, new Map())).toBeNull();
    expect(successorOf({ ...order, items: [], isGone: true }, new Map())).toBeNull();
  });
});

describe('the flags of purchases paid together', () => {
  const stock = { ...UNSET_FLAGS, isStockUpdated: true };
  const invoice = (invoiceId: string | null) => ({ ...UNSET_FLAGS, hasInvoiceCreated: true, invoiceId });

  it('go along where all parents agree', () => {
    expect(carriedFlags([stock, stock])).toEqual({ isStockUpdated: true, hasInvoiceCreated: false, invoiceId: null, attention: false });
    expect(carriedFlags([invoice('FV/1'), invoice(null)])).toEqual({ isStockUpdated: false, hasInvoiceCreated: true, invoiceId: 'FV/1', attention: false });
    expect(carriedFlags([UNSET_FLAGS, UNSET_FLAGS])).toEqual({ isStockUpdated: false, hasInvoiceCreated: false, invoiceId: null, attention: false });
  });

  it('ask for attention where they do not', () => {
    expect(carriedFlags([stock, UNSET_FLAGS])).toMatchObject({ isStockUpdated: false, attention: true });
    expect(carriedFlags([invoice('FV/1'), UNSET_FLAGS])).toMatchObject({ hasInvoiceCreated: false, invoiceId: null, attention: true });
    expect(carriedFlags([invoice('FV/1'), invoice('FV/2')])).toMatchObject({ hasInvoiceCreated: false, invoiceId: null, attention: true });
  });
});

describe('folding a merge', () => {
  it('names the successor and every parent once, and keeps asking for attention', () => {
    const events: { type: string; payload: JsonObject }[] = [
      { type: MERGED_FROM, payload: { order_id: 'p', attention: true } },
      { type: MERGED_FROM, payload: { order_id: 'p' } },
      { type: MERGED_FROM, payload: { order_id: 'q' } },
      { type: MERGED_INTO, payload: { order_id: 's' } },
      { type: 'form.read', payload: { order_id: 'no' } },
      { type: MERGED_INTO, payload: {} },
    ];
    expect(events.reduce(evolveMerge, NOT_MERGED)).toEqual({ into: 's', from: ['p', 'q'], attention: true });
  });
});

it('finds the purchases of a form, whatever else its list holds', () => {
  expect(purchasesOf({ lineItems: [{ id: 'a' }, null, 'x', { id: '' }, {}, { id: 'b' }] })).toEqual(['a', 'b']);
  expect(purchasesOf({ lineItems: null })).toEqual([]);
});
