import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { REQUESTS_PER_MINUTE } from '../platform/config/allegro-settings.js';
import { aloneLimit, budgetWindow, nextBatch, shareLimit, shareOf } from './budget-shares.js';

describe('the request budget', () => {
  it('shares the usual rate out in windows of 5 s', () => {
    expect(budgetWindow(REQUESTS_PER_MINUTE.fallback)).toEqual({ seconds: 5, points: 600 });
  });

  it('holds the published limit of 9000 in any sliding minute, whatever rate is configured and whenever a window is spent', () => {
    const spentAt = fc.array(fc.record({ pause: fc.constantFrom(0, 0, 0, 1, 7), place: fc.constantFrom(0, 0.5, 0.999) }), { minLength: 20, maxLength: 40 });
    fc.assert(
      fc.property(fc.integer({ min: REQUESTS_PER_MINUTE.min, max: REQUESTS_PER_MINUTE.max }), spentAt, (perMinute, windows) => {
        const window = budgetWindow(perMinute);
        // A window begins with its first request, so it may come late, never overlap; all of it is spent at once.
        let opensAt = 0;
        const bursts = windows.map(({ pause, place }) => {
          const at = opensAt + pause + place * window.seconds;
          opensAt += pause + window.seconds;
          return at;
        });
        const inAMinute = bursts.map((from) => bursts.filter((at) => at >= from && at < from + 60).length * window.points);
        expect(Math.max(...inAMinute)).toBeLessThanOrEqual(9_000);
      }),
    );
    expect(budgetWindow(REQUESTS_PER_MINUTE.max).points * 13).toBeLessThanOrEqual(9_000);
  });

  it('uses whole minutes for small rates and never becomes nothing', () => {
    expect(budgetWindow(30)).toEqual({ seconds: 60, points: 30 });
    expect(budgetWindow(0.5).points).toBe(1);
  });

  it('keeps room for the live sync above history, and for a person above both', () => {
    const window = budgetWindow(7_200);
    expect([shareLimit(window, 'backfill'), shareLimit(window, 'live'), shareLimit(window, 'interactive')]).toEqual([360, 540, 600]);
  });

  it('without the shared store lets history wait and the rest use a tenth', () => {
    const window = budgetWindow(7_200);
    expect([aloneLimit(window, 'backfill'), aloneLimit(window, 'live'), aloneLimit(window, 'interactive')]).toEqual([0, 54, 60]);
    expect(aloneLimit(budgetWindow(2), 'live')).toBe(1);
  });

  it('never gives all connections to history', () => {
    expect([shareOf(64, 'interactive'), shareOf(64, 'live'), shareOf(64, 'backfill'), shareOf(1, 'backfill')]).toEqual([64, 57, 38, 1]);
  });

  it('takes batches that grow with use and fall back to one when idle', () => {
    expect([nextBatch(1, true, 1), nextBatch(16, true, 0), nextBatch(32, true, 3), nextBatch(32, false, 0), nextBatch(1, false, 9)]).toEqual([2, 32, 32, 1, 9]);
  });
});
