import { describe, expect, it } from '@jest/globals';
import { aloneLimit, budgetWindow, nextBatch, shareLimit, shareOf } from './budget-shares.js';

describe('the request budget', () => {
  it('holds the published limit of 9000 in any sliding minute', () => {
    const window = budgetWindow(7_200);
    expect(window).toEqual({ seconds: 5, points: 600 });
    expect(window.points * (60 / window.seconds + 1)).toBeLessThan(9_000);
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
