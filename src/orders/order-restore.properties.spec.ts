import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { JsonObject } from '../core/json.js';
import { INVOICE_SET, STOCK_SET } from '../technical-flags/flags.events.js';
import { mergedDocument } from './merge-order.js';
import { FORM_READ, FORM_RELEASED, type FoldedEvent, JOURNAL_RECEIVED } from './order.events.js';
import { evolve, type OrderState, UNKNOWN_ORDER } from './order.js';
import { contentOf, snapshotOf } from './order-snapshot.js';
import { foldHistory, replayOrder } from './replay-order.js';
import { type PastOrder, planRestore } from './restored-order.js';

const RUNS = { numRuns: 500 };
const START = Date.UTC(2026, 0, 1);
const text = fc.constantFrom('', 'a', 'b');
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const form = fc.record(
  {
    id: fc.constant('order'),
    status: fc.constantFrom('BOUGHT', 'READY_FOR_PROCESSING', 'CANCELLED'),
    updatedAt: maybe(fc.nat(20).map((minute) => new Date(START + minute * 60_000).toISOString())),
    note: maybe(fc.record({ text })),
    fulfillment: maybe(fc.record({ status: fc.constantFrom('NEW', 'SENT') })),
    buyer: maybe(fc.record({ email: maybe(text) })),
    payment: maybe(fc.record({ id: maybe(text), type: maybe(text) })),
    lineItems: maybe(fc.array(fc.record({ id: text }), { maxLength: 2 })),
  },
  { requiredKeys: ['id'] },
) as unknown as fc.Arbitrary<JsonObject>;

const bare = fc.oneof(
  { weight: 5, arbitrary: fc.record({ type: fc.constantFrom(FORM_READ, FORM_READ, FORM_READ, FORM_RELEASED), payload: form }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant(JOURNAL_RECEIVED), payload: fc.constant<JsonObject>({ id: '1' }) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant(STOCK_SET), payload: fc.boolean().map((value): JsonObject => ({ is_stock_updated: value })) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant(INVOICE_SET),
      payload: fc.tuple(fc.boolean(), maybe(text)).map(([has, id]): JsonObject => ({ has_invoice_created: has, invoice_id: id })),
    }),
  },
);
/** Events of forms, flags and journal; a number puts the order back to that share of its stream so far. */
const steps = fc.array(fc.oneof({ weight: 4, arbitrary: fc.tuple(bare, fc.nat(30)) }, { weight: 1, arbitrary: fc.integer({ min: 0, max: 99 }) }), {
  minLength: 1,
  maxLength: 14,
});

const recordedAt = (version: number) => new Date(START + version * 60_000);
const pastAt = (events: readonly FoldedEvent[], version: number): PastOrder => ({ version, state: replayOrder(events.slice(0, version)) });

/** The stream the service would write: a restore is planned by the rule it uses, and refused where there is nothing to go back to. */
function written(list: readonly (number | [{ type: string; payload: JsonObject }, number])[]): FoldedEvent[] {
  const events: FoldedEvent[] = [];
  const add = (event: { type: string; payload: JsonObject }, minute: number) =>
    events.push({
      ...event,
      schemaVersion: 1,
      version: events.length + 1,
      observedAt: new Date(START + minute * 60_000),
      recordedAt: recordedAt(events.length + 1),
    });
  list.forEach((step, index) => {
    if (typeof step === 'number') restoreTo(events, Math.floor((events.length * step) / 100), `plan-${String(index)}`, add);
    else add(step[0], step[1]);
  });
  return events;
}

function restoreTo(
  events: readonly FoldedEvent[],
  version: number,
  planId: string,
  add: (event: { type: string; payload: JsonObject }, minute: number) => void,
): void {
  const past = pastAt(events, version);
  if (!past.state.content) return;
  const origin = { planId, asOf: recordedAt(version), actor: 'olga', at: new Date(START) };
  for (const event of planRestore(replayOrder(events), past, origin).events) add(event, 0);
}

const shown = ({ content, flags }: OrderState) => ({
  document: content && mergedDocument(content.merged),
  flags: [flags.isStockUpdated, flags.hasInvoiceCreated, flags.invoiceId],
});
const stored = (state: OrderState): OrderState => {
  const content = state.content && contentOf(JSON.parse(JSON.stringify(snapshotOf(state.content))) as ReturnType<typeof snapshotOf>);
  return { ...state, content };
};

describe('a restored order', () => {
  it('equals what it was at the instant, flags included, whatever happened between, other restores too', () => {
    fc.assert(
      fc.property(steps, fc.nat(99), (list, share) => {
        const events = written(list);
        const version = Math.floor((events.length * share) / 100);
        const before = pastAt(events, version).state;
        const after = [...events];
        restoreTo(events, version, 'last', (event) =>
          after.push({ ...event, schemaVersion: 1, version: after.length + 1, observedAt: new Date(START), recordedAt: recordedAt(after.length + 1) }),
        );
        if (before.content) expect(shown(replayOrder(after))).toEqual(shown(before));
        else expect(after).toEqual(events);
      }),
      RUNS,
    );
  });

  it('goes on from there: what is folded into its projection equals what a replay of the whole stream says', () => {
    fc.assert(
      fc.property(steps, bare, (list, next) => {
        const events = written([...list, 50]);
        const later = {
          ...next,
          schemaVersion: 1,
          version: events.length + 1,
          observedAt: new Date(START + 86_400_000),
          recordedAt: recordedAt(events.length + 1),
        };
        expect(evolve(stored(replayOrder(events)), later)).toEqual(replayOrder([...events, later]));
      }),
      RUNS,
    );
  });

  it('has the past it always had: each state of a longer history is the state of the prefix', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const events = written(list);
        expect(foldHistory(events)).toEqual(events.map((_, index) => replayOrder(events.slice(0, index + 1))));
      }),
      { numRuns: 100 },
    );
  });

  it('is never put back to nothing', () => {
    const journal = { type: JOURNAL_RECEIVED, payload: { id: '1' }, schemaVersion: 1, version: 1, observedAt: new Date(START), recordedAt: recordedAt(1) };
    expect(() => planRestore(UNKNOWN_ORDER, pastAt([journal], 1), { planId: 'p', asOf: recordedAt(1), actor: 'olga', at: new Date(START) })).toThrow('no form');
  });
});
