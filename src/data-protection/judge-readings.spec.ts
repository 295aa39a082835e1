import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { JsonObject, JsonValue } from '../core/json.js';
import { addCounts, isForeignListing, judgeBatch, type JudgedCounts, NOTHING_JUDGED } from './batch-breaker.js';
import { judgeEvents, judgeForms } from './judge-readings.js';
import { DEFAULT_PROTECTION } from './protection-thresholds.js';

const { breaker, listing } = DEFAULT_PROTECTION;
const form = (id: string, changes: JsonObject = {}): JsonObject => ({
  id,
  status: 'READY_FOR_PROCESSING',
  buyer: { id: `buyer of ${id}` },
  lineItems: [{ id: `line of ${id}` }],
  summary: { totalToPay: { amount: '10.00', currency: 'PLN' } },
  ...changes,
});
const counts = (changes: Partial<JudgedCounts>): JudgedCounts => ({ ...NOTHING_JUDGED, ...changes });
const trips = (batch: Partial<JudgedCounts>, window: Partial<JudgedCounts> = {}) => judgeBatch(counts(batch), counts(window), breaker).kind === 'trip';
const judged = (forms: JsonValue[], documents: JsonObject[] = []) =>
  judgeForms(
    forms.map((value) => ({ form: value })),
    { documents: new Map(documents.map((document) => [document['id'] as string, document])), expected: null },
    DEFAULT_PROTECTION,
  );

describe('validation', () => {
  it('keeps what is no form, or names no order, whole and with the reason', () => {
    const broken: JsonValue[] = [null, 'text', 7, [], {}, { id: null }, { id: '' }, { id: 'with space' }, { id: 'x'.repeat(101) }];
    const { accepted, held } = judged([...broken, form('O-1')]);
    expect(accepted).toEqual([{ form: form('O-1') }]);
    expect(held.map(({ reading }) => reading.form)).toEqual(broken);
    expect(new Set(held.flatMap(({ reasons }) => reasons.map(({ code }) => code)))).toEqual(new Set(['not_an_object', 'no_usable_id']));
  });

  it('accepts every form that has an id, whatever the rest of it is', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (rest) => {
        expect(judged([{ ...(rest as JsonObject), id: 'o-1' }]).held).toEqual([]);
      }),
    );
  });

  it('holds events without id, type or order and those of another seller; numbers are ids, unknown types are kept', () => {
    const order = { seller: { id: 's-1' }, checkoutForm: { id: 'O-1' } };
    const good = [
      { id: 17, type: 'SOMETHING_NEW', order },
      { id: '18', type: 'BOUGHT', order: { seller: null } },
    ];
    const bad = [
      { type: 'BOUGHT', order },
      { id: '1', order },
      { id: '2', type: 'BOUGHT' },
      { id: '3', type: 'BOUGHT', order: { ...order, seller: { id: 's-2' } } },
      'text',
    ];
    const {
      accepted,
      held,
      counts: found,
    } = judgeEvents(
      [...good, ...bad].map((event) => ({ event: event as JsonValue })),
      's-1',
    );
    expect(accepted.map(({ event }) => event)).toEqual(good);
    expect(held.map(({ orderId, reasons }) => [orderId, reasons[0]?.code])).toEqual([
      ['o-1', 'no_usable_id'], ['o-1', 'no_event_type'], ['', 'no_order'], ['o-1', 'foreign_seller'], ['', 'not_an_object'],
    ]); // prettier-ignore
    expect(found.foreign).toBe(1);
  });
});

describe('the breaker', () => {
  it('trips on a broken page: every fifth known order lost something', () => {
    expect(trips({ judged: 25, held: 5 })).toBe(true);
    expect(trips({ judged: 26, held: 5 })).toBe(false);
    expect(trips({ judged: 4, held: 4 })).toBe(false);
  });

  it('adds up the small batches of an hour, and a batch in which nothing is wrong never trips', () => {
    expect(trips({ judged: 2, held: 2 }, { judged: 3, held: 3 })).toBe(true);
    expect(trips({ judged: 2 }, { judged: 50, held: 50 })).toBe(false);
  });

  it('trips on a flood of cancelled paid orders and on readings of another seller', () => {
    expect([trips({ judged: 40, cancelled: 20 }), trips({ judged: 41, cancelled: 20 }), trips({ judged: 19, cancelled: 19 })]).toEqual([true, false, false]);
    expect([trips({ foreign: 3 }), trips({ foreign: 2 })]).toEqual([true, false]);
  });

  it('takes a listing for another seller’s only when all of it is strange and nothing expected is in it', () => {
    const ours = Array.from({ length: 10 }, (_, index) => `ours-${String(index)}`);
    expect(isForeignListing({ unknown: 10, ids: new Set() }, ours, listing)).toBe(true);
    expect(isForeignListing({ unknown: 10, ids: new Set(ours.slice(0, 1)) }, ours, listing)).toBe(false);
    expect(isForeignListing({ unknown: 100, ids: new Set() }, ours.slice(1), listing)).toBe(false);
    expect(isForeignListing({ unknown: 9, ids: new Set() }, ours, listing)).toBe(false);
  });

  it('lets small pages, empty pages, first imports and quiet nights pass, whatever they bring', () => {
    const page = fc.record({
      known: fc.array(fc.constantFrom('same', 'sent', 'cancelled unpaid', 'noted'), { maxLength: 60 }),
      fresh: fc.array(fc.constantFrom('new', 'cancelled', 'empty'), { maxLength: 60 }),
      broken: fc.nat({ max: breaker.leastHeld - 1 }),
    });
    fc.assert(
      fc.property(fc.array(page, { maxLength: 5 }), (pages) => {
        let window = NOTHING_JUDGED;
        for (const { known, fresh, broken } of pages) {
          const documents = known.map((kind, index) => form(`k-${String(index)}`, kind === 'cancelled unpaid' ? { status: 'BOUGHT' } : {}));
          const forms = documents.map((document, index) => ({ ...document, ...CHANGES[known[index] ?? 'same'] }));
          const news = fresh.map((kind, index) =>
            kind === 'empty' ? { id: `n-${String(index)}` } : form(`n-${String(index)}`, kind === 'cancelled' ? { status: 'CANCELLED', lineItems: [] } : {}),
          );
          const { held, counts: found } = judged([...forms, ...news], documents);
          expect(held).toEqual([]);
          expect(judgeBatch(found, window, breaker).kind).toBe('go_on');
          window = addCounts(window, found);
          expect(trips({ judged: broken, held: broken })).toBe(false);
        }
      }),
    );
  });
});

const CHANGES: Readonly<Record<string, JsonObject>> = {
  same: {},
  sent: { fulfillment: { status: 'SENT' } },
  'cancelled unpaid': { status: 'CANCELLED' },
  noted: { note: { text: 'x' } },
};
