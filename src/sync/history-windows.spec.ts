import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { belongsTo, boughtAt, furtherOffsets, halve, wholeHistory, type Window } from './history-windows.js';

const window = (from: number, to: number): Window => ({ from: new Date(from), to: new Date(to) });

describe('windows of history', () => {
  it('halves a window into two that cover it without a gap and without an overlap', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e12 }), fc.integer({ min: 2, max: 1e10 }), (from, length) => {
        const [older, newer] = halve(window(from, from + length)) ?? [];
        expect(older?.from.getTime()).toBe(from);
        expect(newer?.from.getTime()).toBe((older?.to.getTime() ?? 0) + 1);
        expect(newer?.to.getTime()).toBe(from + length);
      }),
    );
  });

  it('does not halve a window of one millisecond for ever', () => {
    expect(halve(window(5, 5))).toBeNull();
    expect(halve(window(5, 6))).toBeNull();
  });

  it('asks for every page behind the first and never beyond what Allegro can page through', () => {
    expect(furtherOffsets(0)).toEqual([]);
    expect(furtherOffsets(100)).toEqual([]);
    expect(furtherOffsets(101)).toEqual([100]);
    expect(furtherOffsets(10_000).at(-1)).toBe(9_900);
    expect(furtherOffsets(50_000).at(-1)).toBe(9_900);
  });

  it('reaches as far back as Allegro lists, and past our now, because our clock may run behind', () => {
    const now = new Date('2026-06-01T00:00:00Z');
    expect(wholeHistory(now).to).toEqual(new Date('2026-06-01T01:00:00Z'));
    expect((now.getTime() - wholeHistory(now).from.getTime()) / 86_400_000).toBe(360);
  });

  it('takes the latest purchase of a form, and refuses one outside the asked window', () => {
    const form = { lineItems: [{ boughtAt: '2026-01-02T00:00:00Z' }, { boughtAt: '2026-01-03T00:00:00.5Z' }, { boughtAt: 'soon' }, { boughtAt: null }] };
    expect(boughtAt(form)?.toISOString()).toBe('2026-01-03T00:00:00.500Z');
    expect(boughtAt({ lineItems: null })).toBeNull();
    expect(belongsTo(window(1, 3), new Date(3))).toBe(true);
    expect(belongsTo(window(1, 3), new Date(4))).toBe(false);
    expect(belongsTo(window(1, 3), null)).toBe(true);
  });
});
