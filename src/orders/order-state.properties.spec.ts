import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { JsonObject } from '../core/json.js';
import { INVOICE_SET, STOCK_SET } from '../technical-flags/flags.events.js';
import { mergedDocument } from './merge-order.js';
import { FORM_READ, type FoldedEvent, JOURNAL_RECEIVED } from './order.events.js';
import { evolve, type OrderState, UNKNOWN_ORDER } from './order.js';
import { contentOf, snapshotOf } from './order-snapshot.js';
import { isEmptyAt, protectedPaths } from './protected-paths.js';

const RUNS = { numRuns: 500 };
const START = Date.UTC(2026, 0, 1);
/** Every protected path whose value stands for itself, whatever delivery method, payment or invoice goes with it. */
const LISTED = protectedPaths({}, []).filter(({ path }) => path !== 'delivery.pickupPoint' && path !== 'invoice.address');

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const text = fc.constantFrom('', 'a', 'b', 'c');
const member = (arbitraries: Record<string, fc.Arbitrary<unknown>>) => maybe(fc.record(arbitraries, { requiredKeys: [] }));

const form = fc.record(
  {
    id: fc.constant('order'),
    status: fc.constantFrom('BOUGHT', 'FILLED_IN', 'READY_FOR_PROCESSING', 'CANCELLED'),
    updatedAt: maybe(fc.nat(20).map((minute) => new Date(START + minute * 60_000).toISOString())),
    messageToSeller: maybe(text),
    revision: text,
    note: member({ text }),
    fulfillment: member({ status: fc.constantFrom('NEW', 'SENT') }),
    buyer: member({ id: maybe(text), email: maybe(text), address: member({ street: maybe(text) }) }),
    delivery: member({ method: member({ id: text }), address: member({ street: maybe(text) }), pickupPoint: member({ id: text }) }),
    payment: member({ id: maybe(text), type: maybe(text), paidAmount: member({ amount: text }) }),
    invoice: member({ required: fc.boolean(), address: member({ city: text }) }),
    lineItems: maybe(fc.array(fc.record({ id: text }), { maxLength: 2 })),
  },
  { requiredKeys: ['id'] },
) as unknown as fc.Arbitrary<JsonObject>;

const bare = fc.oneof(
  { weight: 5, arbitrary: fc.record({ type: fc.constant(FORM_READ), payload: form }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constantFrom(JOURNAL_RECEIVED, 'of.the.future'), payload: fc.constant({ id: '1' }) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant(STOCK_SET), payload: fc.boolean().map((value): JsonObject => ({ is_stock_updated: value })) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant(INVOICE_SET),
      payload: fc.tuple(fc.boolean(), maybe(text)).map(([has, id]): JsonObject => ({ has_invoice_created: has, invoice_id: id })),
    }),
  },
);

/** A stream as the log gives it back: versions gapless, recorded in order, observed in any order. */
const history = fc.array(fc.tuple(bare, fc.nat(30)), { maxLength: 12 }).map((events) =>
  events.map(([event, minute], index): FoldedEvent => ({
    ...event,
    schemaVersion: 1,
    version: index + 1,
    observedAt: new Date(START + minute * 60_000),
    recordedAt: new Date(START + index * 60_000),
  })),
);

const replay = (events: readonly FoldedEvent[], from: OrderState = UNKNOWN_ORDER) => events.reduce(evolve, from);
const stored = (state: OrderState): OrderState => {
  const content = state.content && contentOf(JSON.parse(JSON.stringify(snapshotOf(state.content))) as ReturnType<typeof snapshotOf>);
  return { ...state, content };
};

describe('the state of an order', () => {
  it('does not depend on the order in which its events are folded, nor on their repetition', () => {
    const shuffled = history.chain((events) => fc.tuple(fc.constant(events), fc.shuffledSubarray([...events, ...events], { minLength: events.length * 2 })));
    fc.assert(
      fc.property(shuffled, ([events, again]) => {
        expect(replay(again)).toEqual(replay(events));
      }),
      RUNS,
    );
  });

  it('gives the same document whatever order distinct readings are appended in', () => {
    const distinct = fc.uniqueArray(fc.tuple(form, fc.nat(1_000)), { selector: ([, minute]) => minute, maxLength: 8 });
    const arrival = (readings: [JsonObject, number][]) =>
      readings.map(([payload, minute], index): FoldedEvent => {
        const times = { observedAt: new Date(START + minute * 1_000), recordedAt: new Date(START) };
        return { type: FORM_READ, schemaVersion: 1, version: index + 1, payload, ...times };
      });
    const orders = distinct.chain((readings) => fc.tuple(fc.constant(readings), fc.shuffledSubarray(readings, { minLength: readings.length })));
    const document = (events: FoldedEvent[]) => {
      const { content } = replay(events);
      return content && mergedDocument(content.merged).document;
    };
    fc.assert(
      fc.property(orders, ([one, other]) => {
        expect(document(arrival(other))).toEqual(document(arrival(one)));
      }),
      RUNS,
    );
  });

  it('is the same after any prefix and the rest as after all, stored in between', () => {
    fc.assert(
      fc.property(history, fc.nat(12), (events, cut) => {
        const prefix = stored(replay(events.slice(0, cut)));
        expect(replay(events.slice(cut), prefix)).toEqual(replay(events));
      }),
      RUNS,
    );
  });

  it('as of an instant equals a copy taken at that instant', () => {
    fc.assert(
      fc.property(history, fc.nat(12), (events, minute) => {
        const until = new Date(START + minute * 60_000);
        let copy = UNKNOWN_ORDER;
        for (const event of events) if (event.recordedAt <= until) copy = stored(evolve(copy, event));
        expect(stored(replay(events.filter((event) => event.recordedAt <= until)))).toEqual(copy);
      }),
      RUNS,
    );
  });

  it('never loses a known value of a listed field', () => {
    const listed = (document: JsonObject) => LISTED.filter((path) => !isEmptyAt(document, path)).map(({ path }) => path);
    fc.assert(
      fc.property(history, (events) => {
        const { content } = replay(events);
        const known = listed(content ? mergedDocument(content.merged).document : {});
        for (const event of events.filter(({ type }) => type === FORM_READ)) expect(known).toEqual(expect.arrayContaining(listed(event.payload)));
      }),
      RUNS,
    );
  });
});
