import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../core/json.js';
import { orderColumns } from './order-row.js';

const SEEN = { firstSeenAt: '2026-03-01T10:00:00.000Z' };
const columns = (document: JsonObject) => orderColumns(document, SEEN);

describe('the columns of an order', () => {
  it('are null where the document says nothing, and the order date is when it was first seen', () => {
    expect(columns({})).toEqual({
      status: null, fulfillment_status: null, payment_type: null, delivery_method: null, marketplace: null, buyer_login: null, buyer_email: null,
      buyer_name: null, total_amount: null, total_currency: null, ordered_at: SEEN.firstSeenAt, dispatch_by: null, allegro_updated_at: null, revision: null,
    }); // prettier-ignore
  });

  it('take the latest purchase as the order date', () => {
    const lineItems = [
      { boughtAt: '2026-03-01T10:00:00Z' },
      { boughtAt: '2026-03-03T11:00:00+02:00' },
      { boughtAt: 'soon' },
      null,
      { boughtAt: '2026-03-02T10:00:00Z' },
    ];
    expect(columns({ lineItems }).ordered_at).toBe('2026-03-03T09:00:00.000Z');
  });

  it.each([
    ['12.50', '12.50'], ['70', '70'], ['-3.1', '-3.1'], [70.5, '70.5'], ['1e3', null], ['12,50', null], ['', null], ['007', null], [null, null], [1e30, null], [true, null],
  ])('read the amount %p as %p, never as a float', (amount, expected) => {
    expect(columns({ summary: { totalToPay: { amount, currency: 'PLN' } } })).toMatchObject({ total_amount: expected, total_currency: 'PLN' });
  }); // prettier-ignore

  it.each([
    [{ firstName: 'Ewa', lastName: 'Lis', companyName: 'Lis i Syn' }, 'Ewa Lis'],
    [{ firstName: null, lastName: 'Lis' }, 'Lis'],
    [{ firstName: '', lastName: null, companyName: 'Lis i Syn' }, 'Lis i Syn'],
    ['[erased]', null],
  ])('name the buyer %j as %p', (buyer, name) => {
    expect(columns({ buyer }).buyer_name).toBe(name);
  });

  it('name the delivery method by its id where it has no name', () => {
    expect(columns({ delivery: { method: { id: 'm-1', name: null } } }).delivery_method).toBe('m-1');
  });

  it('hold nothing PostgreSQL refuses', () => {
    expect(columns({ status: 'A\0B', revision: '\ud800', marketplace: { id: '\0' } })).toMatchObject({ status: 'AB', revision: '\ufffd', marketplace: null });
  });
});
