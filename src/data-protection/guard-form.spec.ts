import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../core/json.js';
import { cancelsPaidOrder, guardForm } from './guard-form.js';
import { DEFAULT_PROTECTION } from './protection-thresholds.js';

const ADDRESS = { street: 'Nieistniejąca 7', city: 'Nigdzie', zipCode: '00-000' };

function form(changes: JsonObject = {}): JsonObject {
  return {
    id: 'o-1',
    status: 'READY_FOR_PROCESSING',
    buyer: { id: 'b-1', login: 'login', email: 'x@example.com' },
    delivery: { address: ADDRESS },
    lineItems: [{ id: 'l-1' }, { id: 'l-2' }],
    summary: { totalToPay: { amount: '123.00', currency: 'PLN' } },
    ...changes,
  };
}

const total = (amount: string | number | null, currency: string | null = 'PLN') => ({ summary: { totalToPay: { amount, currency } } });
const codes = (changes: JsonObject, before: JsonObject | null = form()) =>
  guardForm({ before, form: form(changes) }, DEFAULT_PROTECTION.guard).map(({ code }) => code);

describe('a form that would destroy something is held', () => {
  it.each<[string, JsonObject, string]>([
    ['a line item is gone', { lineItems: [{ id: 'l-1' }] }, 'line_items_lost'],
    ['all line items are gone', { lineItems: [] }, 'line_items_lost'],
    ['the list of line items is null', { lineItems: null }, 'line_items_lost'],
    ['a line item was exchanged for another', { lineItems: [{ id: 'l-1' }, { id: 'l-9' }] }, 'line_items_lost'],
    ['the buyer is null', { buyer: null }, 'buyer_lost'],
    ['the buyer is emptied', { buyer: { id: '', login: '', email: '' } }, 'buyer_lost'],
    ['the buyer is somebody else', { buyer: { id: 'b-2' } }, 'buyer_changed'],
    ['the delivery address is null', { delivery: { address: null } }, 'delivery_address_lost'],
    ['the delivery is null', { delivery: null }, 'delivery_address_lost'],
    ['the delivery address lost its street', { delivery: { address: { ...ADDRESS, street: '' } } }, 'delivery_address_lost'],
    ['the total is zero', total('0.00'), 'total_lost'],
    ['the total is the number zero', total(0), 'total_lost'],
    ['the total lost its decimal point', total('12300'), 'total_jumped'],
    ['the total shrank to a hundredth', total('1.23'), 'total_jumped'],
    ['the currency changed', total('123.00', 'CZK'), 'currency_changed'],
  ])('%s', (_, changes, code) => {
    expect(codes(changes)).toEqual([code]);
  });

  it('names every reason, and no value of a person', () => {
    const reasons = guardForm({ before: form(), form: form({ buyer: null, lineItems: [], ...total('0') }) }, DEFAULT_PROTECTION.guard);
    expect(reasons.map(({ code }) => code)).toEqual(['line_items_lost', 'buyer_lost', 'total_lost']);
    expect(JSON.stringify(reasons)).not.toMatch(/example|x@|Nigdzie/);
  });
});

describe('a form that only looks odd is accepted', () => {
  it.each<[string, JsonObject, JsonObject | null]>([
    ['an order new to us, whatever it lacks', { buyer: null, lineItems: [], ...total('0') }, null],
    ['a cancelled order without buyer, lines, address and total', { status: 'CANCELLED', buyer: null, delivery: null, lineItems: [], ...total('0') }, form()],
    ['a form without a total', { summary: null }, form()],
    ['an amount that is no plain decimal', total('12,50'), form()],
    ['a total as a number', total(123), form()],
    ['a total that grew by a surcharge', total('150.00'), form()],
    ['a total that grew many times while the buyer chose delivery', total('19.99'), form({ status: 'BOUGHT', ...total('1.00') })],
    ['an address that is not shown before payment', { status: 'FILLED_IN', delivery: null }, form()],
    ['an address we never had', { delivery: null }, form({ delivery: null })],
    ['a status nobody knows', { status: 'SOMETHING_NEW' }, form()],
    ['one more line item', { lineItems: [{ id: 'l-1' }, { id: 'l-2' }, { id: 'l-3' }] }, form()],
    ['a buyer we hold as erased', { buyer: { id: 'b-7' } }, form({ buyer: '[erased]' })],
    ['a buyer whose phone became empty', { buyer: { id: 'b-1', login: 'login', email: 'x@example.com', phoneNumber: '' } }, form()],
  ])('%s', (_, changes, before) => {
    expect(codes(changes, before)).toEqual([]);
  });

  it('a cancellation counts for the breaker only when the order was paid', () => {
    const cancelled = form({ status: 'CANCELLED' });
    expect(cancelsPaidOrder({ before: form(), form: cancelled })).toBe(true);
    expect(cancelsPaidOrder({ before: form({ status: 'BOUGHT' }), form: cancelled })).toBe(false);
    expect(cancelsPaidOrder({ before: null, form: cancelled })).toBe(false);
    expect(cancelsPaidOrder({ before: cancelled, form: cancelled })).toBe(false);
  });
});
