import { beforeEach, describe, expect, it } from '@jest/globals';
import { DAY_MS } from './instants.js';
import type { EventDraft } from './journal-event.js';
import { Journal } from './journal.js';
import { kindNamed } from './kinds.js';
import type { OrderKind } from './order-kind.js';
import { makeOrder } from './make-order.js';
import { sellerAt } from './sellers.js';

const NOW = Date.UTC(2030, 0, 15);
const order = makeOrder(sellerAt(1, 0), { name: '0', kind: kindNamed('sent') as OrderKind, boughtAtMs: NOW });

function draft(writtenAtMs: number, hiddenForMs = 0, type = 'BOUGHT'): EventDraft {
  return { order, type, occurredAtMs: writtenAtMs - 15_000, position: 0, writtenAtMs, hiddenForMs };
}

describe('the journal of a seller', () => {
  let journal: Journal;
  const read = (fromMicros: number, nowMs = NOW, limit = 1_000): number[] =>
    journal.page({ fromMicros, limit, types: null, nowMs }).map((event) => event.idMicros);

  beforeEach(() => {
    journal = new Journal();
  });

  it('answers strictly newer ids, oldest first', () => {
    journal.load([draft(NOW - 3_000), draft(NOW - 1_000), draft(NOW - 2_000)]);
    const ids = read(0);
    expect(ids).toEqual([...ids].sort((left, right) => left - right));
    expect(read(ids[1] ?? 0)).toEqual([ids[2]]);
    expect(read(ids[2] ?? 0)).toEqual([]);
    expect(read(0, NOW, 2)).toEqual(ids.slice(0, 2));
  });

  it('forgets events after 60 days', () => {
    journal.load([draft(NOW - 61 * DAY_MS), draft(NOW - 59 * DAY_MS)]);
    expect(read(0)).toHaveLength(1);
    expect(read(0, NOW + 2 * DAY_MS)).toHaveLength(0);
    expect(journal.latest(NOW + 2 * DAY_MS)).toBeNull();
  });

  it('shows an event that is held back when its time has come, and a hidden one never', () => {
    journal.load([draft(NOW - 2_000, 5_000), draft(NOW - 1_000, Number.POSITIVE_INFINITY)]);
    expect(read(0)).toHaveLength(0);
    expect(read(0, NOW + 3_000)).toHaveLength(1);
    expect(read(0, NOW + 50 * DAY_MS)).toHaveLength(1);
    expect(journal.all()).toHaveLength(2);
  });

  it('writes each new event above every id a reader can have seen, however many in one instant', () => {
    const seen: number[] = [];
    for (let turn = 0; turn < 3_000; turn += 1) {
      journal.write(draft(NOW), NOW + Math.floor(turn / 100));
      seen.push(...read(seen.at(-1) ?? 0, NOW + Math.floor(turn / 100)));
    }
    seen.push(...read(seen.at(-1) ?? 0, NOW + 10_000));
    expect(seen).toEqual(journal.all().map((event) => event.idMicros));
    expect(new Set(seen).size).toBe(3_000);
  });

  it('filters by type', () => {
    journal.load([draft(NOW - 3_000), draft(NOW - 2_000, 0, 'FILLED_IN')]);
    const page = journal.page({ fromMicros: 0, limit: 10, types: new Set(['FILLED_IN']), nowMs: NOW });
    expect(page.map((event) => event.type)).toEqual(['FILLED_IN']);
  });
});
