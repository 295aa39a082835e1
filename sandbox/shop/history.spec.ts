import { describe, expect, it } from '@jest/globals';
import { FaultPlan } from '../faults/fault-plan.js';
import { makeHistory, type History } from './history.js';
import { KINDS } from './kind-list.js';
import { currentState } from './order-state.js';
import { sellerAt } from './sellers.js';

const NOW = Date.UTC(2030, 0, 15);

function history(seed: number, orders: number, faults = ''): History {
  return makeHistory({ seller: sellerAt(seed, 0), orders, startedAtMs: NOW, plan: new FaultPlan(seed, faults) });
}

const readable = ({ orders }: History): History['orders'] => orders.filter((order) => order.successor === null);

describe('the past of a shop', () => {
  it('has exactly as many forms as asked, of every kind, the merged-away ones beside them', () => {
    const past = history(1, 1_000);
    expect(readable(past)).toHaveLength(1_000);
    expect(new Set(readable(past).map((order) => order.kind.name))).toEqual(new Set(KINDS.map((kind) => kind.name)));
    const merged = readable(past).filter((order) => order.parents.length > 0);
    expect(past.orders).toHaveLength(1_000 + 2 * merged.length);
    expect(merged.length).toBeGreaterThan(1);
  });

  it('knows every status of forms and of fulfilment, and one of each that nobody has announced', () => {
    const states = readable(history(1, 1_000)).map(currentState);
    expect(new Set(states.map((state) => state.status))).toEqual(new Set(['BOUGHT', 'FILLED_IN', 'READY_FOR_PROCESSING', 'CANCELLED']));
    expect(new Set(states.map((state) => state.fulfilment))).toEqual(
      new Set(['NEW', 'PROCESSING', 'READY_FOR_SHIPMENT', 'READY_FOR_PICKUP', 'SENT', 'PICKED_UP', 'CANCELLED', 'SUSPENDED', 'RETURNED', 'CUSTOMS_CHECK']),
    );
  });

  it('is the same for the same seed and another for another seed', () => {
    const sketch = (past: History): string[] => past.drafts.map((draft) => `${draft.order.id} ${draft.type} ${String(draft.writtenAtMs)}`);
    expect(sketch(history(1, 200))).toEqual(sketch(history(1, 200)));
    expect(sketch(history(1, 200))).not.toEqual(sketch(history(2, 200)));
  });

  it('writes events between 10.9 and 20.5 seconds after they occurred, all in the past', () => {
    for (const draft of history(1, 500).drafts) {
      expect(draft.writtenAtMs - draft.occurredAtMs).toBeGreaterThanOrEqual(10_900);
      expect(draft.writtenAtMs - draft.occurredAtMs).toBeLessThanOrEqual(20_500);
      expect(draft.writtenAtMs).toBeLessThan(NOW);
    }
  });

  it('merges two purchases of one buyer in one currency into one form', () => {
    const child = readable(history(3, 200)).find((order) => order.parents.length > 0);
    expect(child?.parents.map((parent) => [parent.buyerKey, parent.market.id, parent.successor?.id])).toEqual([
      [child?.buyerKey, child?.market.id, child?.id],
      [child?.buyerKey, child?.market.id, child?.id],
    ]);
  });
});

describe('the faults of a journal', () => {
  it('duplicates about as many events as told, with the same content and another time of writing', () => {
    const tidy = history(4, 1_000).drafts.length;
    const untidy = history(4, 1_000, 'duplicate=0.05').drafts.length;
    expect(untidy).toBeGreaterThan(tidy * 1.03);
    expect(untidy).toBeLessThan(tidy * 1.07);
  });

  it('delays events past the start, so that a first reading misses them', () => {
    const late = history(4, 1_000, 'late=0.01:60000').drafts.filter((draft) => draft.writtenAtMs > NOW);
    expect(late.length).toBeGreaterThan(10);
    for (const draft of late) expect(draft.writtenAtMs).toBeLessThanOrEqual(NOW + 60_000);
  });

  it('hides whole orders and the rest of others', () => {
    const past = history(4, 2_000, 'hidden=0.02');
    const hidden = past.drafts.filter((draft) => draft.hiddenForMs === Number.POSITIVE_INFINITY && draft.order.kind.name !== 'bought-event-missing');
    const orders = new Set(hidden.map((draft) => draft.order));
    expect(orders.size).toBeGreaterThan(15);
    expect(orders.size).toBeLessThan(65);
    const shown = new Set(past.drafts.filter((draft) => draft.hiddenForMs === 0).map((draft) => draft.order));
    expect([...orders].some((order) => shown.has(order))).toBe(true);
    expect([...orders].some((order) => !shown.has(order))).toBe(true);
  });

  it('shuffles: later occurrences get lower ids', () => {
    const drafts = [...history(4, 500, 'shuffle=1').drafts].sort((left, right) => left.writtenAtMs - right.writtenAtMs);
    const ordersOutOfOrder = new Set(
      drafts
        .filter((draft, index) => drafts.slice(0, index).some((earlier) => earlier.order === draft.order && earlier.position > draft.position))
        .map((draft) => draft.order),
    );
    expect(ordersOutOfOrder.size).toBeGreaterThan(10);
    for (const draft of drafts) expect(draft.writtenAtMs).toBeLessThanOrEqual(NOW);
  });

  it('merges about as many orders as told, beside the usual ones', () => {
    const merged = (faults: string): number => readable(history(4, 1_000, faults)).filter((order) => order.parents.length > 0).length;
    expect(merged('merge=0.05') - merged('')).toBeGreaterThan(25);
  });
});
