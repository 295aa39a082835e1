import { describe, expect, it } from '@jest/globals';
import { FaultPlan } from '../faults/fault-plan.js';
import { textAt, type JsonObject } from '../json.js';
import { makeHistory } from '../shop/history.js';
import type { LifeName } from '../shop/lives.js';
import { stateOf } from '../shop/order-state.js';
import type { Order } from '../shop/order.js';
import { sellerAt } from '../shop/sellers.js';
import { FormTexts } from './form-texts.js';
import { renderForm } from './render-form.js';

const NOW = Date.UTC(2030, 0, 15);
const past = makeHistory({ seller: sellerAt(1, 0), orders: 1_000, startedAtMs: NOW, plan: new FaultPlan(1, '') });
const orders = past.orders.filter((order) => order.successor === null);

function formOf(order: Order, steps = order.lived.length): JsonObject {
  return renderForm(order, stateOf(order, steps));
}

function named(kind: string): JsonObject {
  const order = orders.find((each) => each.kind.name === kind);
  if (!order) throw new Error(`no order of kind ${kind}`);
  return formOf(order);
}

function cents(value: unknown): number {
  return Math.round(Number((value as { amount: string }).amount) * 100);
}

describe('a checkout form', () => {
  it('adds up: lines, services, deposits and delivery are what is to be paid', () => {
    for (const order of orders) {
      const form = formOf(order);
      const lines = (form['lineItems'] as JsonObject[]).map((line) => {
        const services = ((line['selectedAdditionalServices'] ?? []) as JsonObject[]).reduce((sum, service) => sum + cents(service['price']), 0);
        const deposit = line['deposit'] ? cents((line['deposit'] as JsonObject)['price']) : 0;
        return (cents(line['price']) + deposit) * Number(line['quantity']) + services;
      });
      const cost = (form['delivery'] as JsonObject | null | undefined)?.['cost'];
      if (order.kind.quirks?.some((quirk) => ['delivery-cost-null', 'delivery-null', 'lean'].includes(quirk))) continue;
      const total = lines.reduce((sum, line) => sum + line, 0) + (cost ? cents(cost) : 0);
      expect(cents((form['summary'] as JsonObject)['totalToPay'])).toBe(total);
    }
  });

  it('has one currency throughout, of its market', () => {
    for (const order of orders) {
      const currencies = new Set([...JSON.stringify(formOf(order)).matchAll(/"currency":"(\w+)"/g)].map((match) => match[1]));
      expect(currencies).toEqual(new Set([order.market.currency]));
    }
  });

  it('shows the delivery address only once the order may be processed, and no more once cancelled', () => {
    const order = orders.find((each) => each.kind.life === ('completed' satisfies LifeName) && each.kind.delivery === 'locker') as Order;
    expect(formOf(order, 0)).toMatchObject({ status: 'BOUGHT', payment: null, delivery: null });
    expect(formOf(order, 1)).toMatchObject({ status: 'FILLED_IN', payment: { paidAmount: null }, delivery: { address: null } });
    expect(formOf(order, 2)).toMatchObject({ status: 'READY_FOR_PROCESSING', delivery: { address: { countryCode: 'PL' } } });
    expect(named('cancelled-paid')).toMatchObject({ status: 'CANCELLED', delivery: { address: null }, payment: { paidAmount: {} } });
  });

  it('moves updatedAt with what the buyer does and not with what the seller does; the revision with both', () => {
    const order = orders.find((each) => each.kind.life === 'completed' && each.lived.length === 6) as Order;
    const [ready, processing] = [formOf(order, 2), formOf(order, 3)];
    expect(processing['updatedAt']).toBe(ready['updatedAt']);
    expect(processing['revision']).not.toBe(ready['revision']);
    expect(formOf(order, 2)['updatedAt']).not.toBe(formOf(order, 1)['updatedAt']);
  });

  it('keeps the line item ids of the purchases a merged form replaced', () => {
    const child = orders.find((order) => order.parents.length > 0) as Order;
    const ids = (form: JsonObject): unknown[] => (form['lineItems'] as JsonObject[]).map((line) => line['id']);
    expect(ids(formOf(child))).toEqual(child.parents.flatMap((parent) => ids(formOf(parent))));
  });

  it('is paid on delivery without an amount, but finished', () => {
    const form = named('cod');
    expect(form['payment']).toMatchObject({ type: 'CASH_ON_DELIVERY', provider: null, paidAmount: null });
    expect((form['payment'] as JsonObject)['finishedAt']).toEqual(expect.any(String));
    expect(named('cod-booked')['codBookedPayments']).toHaveLength(1);
  });

  it('carries what breaks careless readers', () => {
    expect(named('delivery-address-empty')).toMatchObject({ delivery: { address: {} } });
    expect(named('buyer-address-null')).toMatchObject({ buyer: { address: null, phoneNumber: '' } });
    expect(named('delivery-null')).toMatchObject({ delivery: null, payment: null });
    expect(named('lean')).not.toHaveProperty('payment');
    expect(named('nul-text')).toMatchObject({ messageToSeller: expect.stringContaining('\u0000') });
    expect(named('new-words')).toMatchObject({ status: 'WAITING_FOR_CUSTOMS', marketplace: { id: 'allegro-ro' } });
    expect(named('bare-amounts')).toMatchObject({ lineItems: expect.arrayContaining([expect.objectContaining({ price: { amount: '70', currency: 'PLN' } })]) });
    expect(textAt(named('long-text'), 'messageToSeller').length).toBeGreaterThan(50_000);
    expect(named('personal-identity')).toMatchObject({ buyer: { personalIdentity: expect.any(String) } });
  });

  it('names nobody real: every mailbox is at example.com and every telephone begins with a code and 00', () => {
    const text = orders.map((order) => JSON.stringify(formOf(order))).join('\n');
    for (const [, host] of text.matchAll(/"email":"[^"]*@([^"]*)"/g)) expect(host).toBe('example.com');
    for (const [, phone] of text.matchAll(/"phoneNumber":"([^"]+)"/g)) expect(phone).toMatch(/^\+\d{2,3} 00/);
  });

  it('is nulled in many places where the fault says so', () => {
    const texts = new FormTexts(new FaultPlan(1, 'nulls=1'));
    const forms = orders.filter((order) => order.kind.name === 'completed').map((order) => JSON.parse(texts.current(order)) as JsonObject);
    for (const key of ['payment', 'delivery', 'summary', 'updatedAt', 'revision', 'surcharges', 'marketplace']) {
      const nulled = forms.filter((form) => form[key] === null).length;
      expect(nulled).toBeGreaterThan(forms.length * 0.2);
      expect(nulled).toBeLessThan(forms.length * 0.6);
    }
  });
});
