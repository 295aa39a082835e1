import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../core/json.js';
import { mergedDocument, mergeForm, type MergedForms } from './merge-order.js';

const ADDRESS = { firstName: 'Ewa', lastName: 'Lis', street: 'Polna 1', city: 'Opole', zipCode: '45-001', countryCode: 'PL' };
const METHOD = { id: 'm-locker', name: 'Locker' };
const POINT = { id: 'OPO01', name: 'Point OPO01', address: { street: 'Rynek 2' } };

/** Each form is read a minute after the one before and says it changed then, unless it says otherwise. */
function read(...forms: JsonObject[]): MergedForms {
  const merged = forms.reduce<MergedForms | null>((state, form, index) => {
    const observedAt = new Date(Date.UTC(2026, 2, 1, 10, index));
    return mergeForm(state, { form, observedAt, version: index + 1 });
  }, null);
  if (!merged) throw new Error('no form was read');
  return merged;
}

const result = (...forms: JsonObject[]) => mergedDocument(read(...forms));

describe('merging the forms of an order', () => {
  it('gives the freshest form as it is when nothing in it is empty', () => {
    expect(result({ id: 'o', status: 'BOUGHT' }, { id: 'o', status: 'FILLED_IN', messageToSeller: 'hi' })).toEqual({
      document: { id: 'o', status: 'FILLED_IN', messageToSeller: 'hi' },
      kept: [],
    });
  });

  it.each([
    ['null', { buyer: { email: null } }],
    ['an absent member', { buyer: {} }],
    ['an empty text', { buyer: { email: '' } }],
    ['a parent that is null', { buyer: null }],
    ['an absent parent', {}],
  ])('keeps a known e-mail over %s and says where it is from', (_name, later) => {
    expect(result({ buyer: { email: 'ewa@example.com' } }, later)).toEqual({
      document: { buyer: { email: 'ewa@example.com' } },
      kept: [{ path: 'buyer.email', version: 1 }],
    });
  });

  it.each([[{}], [null], [{ street: null, city: '' }]])('keeps the known delivery address over %j', (address) => {
    const { document, kept } = result({ delivery: { address: ADDRESS } }, { delivery: { address } });
    expect(document).toEqual({ delivery: { address: ADDRESS } });
    expect(kept).toEqual([{ path: 'delivery.address', version: 1 }]);
  });

  it('never mixes two addresses', () => {
    const moved = { street: 'Inna 5', city: null };
    expect(result({ delivery: { address: ADDRESS } }, { delivery: { address: moved } }).document).toEqual({ delivery: { address: moved } });
  });

  it('lets fields that are not protected go empty', () => {
    expect(result({ surcharges: [1], delivery: { smart: true } }, { surcharges: [], delivery: { smart: null } }).document).toEqual({
      surcharges: [],
      delivery: { smart: null },
    });
  });

  it.each([[[]], [null], [undefined]])('never replaces known line items by %j', (lineItems) => {
    const later: JsonObject = lineItems === undefined ? {} : { lineItems };
    expect(result({ lineItems: [{ id: 'l1' }] }, later).document).toEqual({ lineItems: [{ id: 'l1' }] });
  });

  it('replaces line items as a whole', () => {
    expect(result({ lineItems: [{ id: 'l1' }, { id: 'l2' }] }, { lineItems: [{ id: 'l2' }] }).document).toEqual({ lineItems: [{ id: 'l2' }] });
  });

  it('fills from the freshest form that had the value, though it arrives late', () => {
    const merged = result({ updatedAt: '2026-03-01T12:00:00Z', messageToSeller: null }, { updatedAt: '2026-03-01T11:00:00Z', messageToSeller: 'ring' });
    expect(merged.document).toEqual({ updatedAt: '2026-03-01T12:00:00Z', messageToSeller: 'ring' });
    expect(merged.kept).toEqual([{ path: 'messageToSeller', version: 2 }]);
  });

  it('does not let a form that changed earlier win because it arrives later', () => {
    const newer = { updatedAt: '2026-03-01T12:00:00Z', status: 'READY_FOR_PROCESSING', buyer: { login: 'new' } };
    const older = { updatedAt: '2026-03-01T11:00:00Z', status: 'FILLED_IN', buyer: { login: 'old' } };
    expect(result(newer, older).document).toEqual(newer);
  });

  it('leaves an erased buyer as it is', () => {
    expect(result({ buyer: { email: 'ewa@example.com' } }, { buyer: '[erased]' }).document).toEqual({ buyer: '[erased]' });
  });

  describe('of a pickup point', () => {
    const seen = { delivery: { method: METHOD, pickupPoint: POINT } };

    it('keeps it while the delivery method stays', () => {
      expect(result(seen, { delivery: { method: METHOD, pickupPoint: null } }).document).toEqual(seen);
    });

    it('keeps it with its method when the whole delivery is null', () => {
      expect(result(seen, { delivery: null }).document).toEqual(seen);
    });

    it('drops it when the buyer chose a courier', () => {
      const courier = { delivery: { method: { id: 'm-courier' }, pickupPoint: null } };
      expect(result(seen, courier).document).toEqual(courier);
    });

    it('has it back when the buyer returns to the method', () => {
      const merged = result(seen, { delivery: { method: { id: 'm-courier' } } }, { delivery: { method: METHOD } });
      expect(merged.document).toEqual({ delivery: { method: METHOD, pickupPoint: POINT } });
    });
  });

  describe('of a payment', () => {
    const paid = { payment: { id: 'p1', type: 'ONLINE', paidAmount: { amount: '10.00', currency: 'PLN' }, features: [] } };

    it('keeps every member while the payment is the same', () => {
      expect(result(paid, { payment: { id: 'p1', type: null, paidAmount: null, features: [] } }).document).toEqual(paid);
    });

    it('keeps the whole payment when it is null on a cancelled form', () => {
      expect(result(paid, { payment: null }).document).toEqual(paid);
    });

    it('fills a payment that lost its id', () => {
      expect(result(paid, { payment: { type: 'ONLINE' } }).document).toEqual(paid);
    });

    it('takes nothing over from another payment', () => {
      const other = { payment: { id: 'p2', type: 'ONLINE', paidAmount: null } };
      expect(result(paid, other).document).toEqual(other);
    });

    it('never gives one payment the money of another, not even in pieces', () => {
      const merged = result(paid, { payment: { id: 'p2', type: 'ONLINE' } }, { payment: null });
      expect(merged.document).toEqual({ payment: { id: 'p2', type: 'ONLINE' } });
    });
  });

  describe('of an invoice address', () => {
    it('keeps it when it goes missing', () => {
      expect(result({ invoice: { required: true, address: ADDRESS } }, { invoice: { required: true, address: null } }).kept).toEqual([
        { path: 'invoice.address', version: 1 },
      ]);
    });

    it('lets it go when no invoice is wanted any more', () => {
      const unwanted = { invoice: { required: false, address: null } };
      expect(result({ invoice: { required: true, address: ADDRESS } }, unwanted).document).toEqual(unwanted);
    });
  });

  describe("of the seller's side", () => {
    const at = '2026-03-01T09:00:00Z';

    it('follows the form seen last, because updatedAt does not move', () => {
      const sent = { updatedAt: at, fulfillment: { status: 'SENT' }, note: { text: 'gone' }, revision: 'b2' };
      expect(result({ updatedAt: at, fulfillment: { status: 'NEW' }, revision: 'b1' }, sent).document).toEqual(sent);
    });

    it('follows the form seen last also where an earlier read has the fresher content', () => {
      const fresh = { updatedAt: '2026-03-01T12:00:00Z', status: 'READY_FOR_PROCESSING', fulfillment: { status: 'NEW' }, note: { text: 'x' }, revision: 'r1' };
      const stale = { updatedAt: at, status: 'FILLED_IN', fulfillment: { status: 'SENT' }, revision: 'r2' };
      expect(result(fresh, stale).document).toEqual({ ...stale, updatedAt: fresh.updatedAt, status: fresh.status });
    });

    it('lets a note be removed', () => {
      expect(result({ note: { text: 'x' } }, { note: null }).document).toEqual({ note: null });
    });

    it('keeps the last fulfilment over a form that has none', () => {
      expect(result({ fulfillment: { status: 'SENT' } }, { fulfillment: null })).toEqual({
        document: { fulfillment: { status: 'SENT' } },
        kept: [{ path: 'fulfillment', version: 1 }],
      });
    });

    it('takes a fulfilment from a form that arrives late when no other had one', () => {
      const merged = mergeForm(read({ updatedAt: at }), { form: { fulfillment: { status: 'NEW' } }, observedAt: new Date(at), version: 2 });
      expect(mergedDocument(merged).document).toEqual({ updatedAt: at, fulfillment: { status: 'NEW' } });
    });
  });

  it('never brings a cancelled order back', () => {
    expect(result({ status: 'CANCELLED' }, { status: 'READY_FOR_PROCESSING' })).toEqual({
      document: { status: 'CANCELLED' },
      kept: [{ path: 'status', version: 1 }],
    });
  });

  it('names the freshest of several cancellations', () => {
    const merged = result({ status: 'CANCELLED' }, { status: 'CANCELLED', revision: 'r' }, { status: 'BOUGHT' });
    expect(merged.kept).toEqual([{ path: 'status', version: 2 }]);
    const late = result({ status: 'CANCELLED' }, { status: 'BOUGHT' }, { status: 'CANCELLED', updatedAt: '2020-01-01' });
    expect(late.kept).toEqual([{ path: 'status', version: 1 }]);
  });
});
