import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../core/json.js';
import { soldOffers } from './sold-offers.js';

const item = (id: unknown, quantity: unknown, amount: unknown, name: unknown = `Offer ${String(id)}`, currency: unknown = 'PLN') =>
  ({ offer: { id, name }, quantity, price: { amount, currency } }) as unknown as JsonObject;
const soldBy = (...lineItems: JsonObject[]) => soldOffers({ lineItems });

describe('what an order sold', () => {
  it('is each offer once, with its pieces and their exact price', () => {
    expect(soldBy(item('7', 3, '0.10'), item('8', 1, '5'), item('7', 1, '99999999999999.01'))).toEqual({
      offers: [['7', 'PLN', 4, '99999999999999.31'], ['8', 'PLN', 1, '5.00']], // prettier-ignore
      names: [['7', 'Offer 7'], ['8', 'Offer 8']], // prettier-ignore
    });
  });

  it('keeps two currencies apart', () => {
    expect(soldBy(item('7', 1, '1', 'x', 'PLN'), item('7', 1, '2', 'x', 'EUR')).offers).toEqual([['7', 'EUR', 1, '2.00'], ['7', 'PLN', 1, '1.00']]); // prettier-ignore
  });

  it.each([
    [item('7', 1, '1e3'), [['7', '', 1, '0.00']]],
    [item('7', 1.5, '2.00'), [['7', 'PLN', 0, '0.00']]],
    [item('7', -1, '2.00'), [['7', 'PLN', 0, '0.00']]],
    [item(7, 1, '2.00'), []],
    [item('x'.repeat(101), 1, '2.00'), []],
    [{}, []],
  ])('of %j counts only what can be read', (line, offers) => {
    expect(soldBy(line).offers).toEqual(offers);
  });

  it('of a document without a list of line items is nothing', () => {
    expect(soldOffers({ lineItems: 'many' })).toEqual({ offers: [], names: [] });
  });
});
