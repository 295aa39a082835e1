import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { afterAnswer, FULL_CONCURRENCY, type ConcurrencyState } from './concurrency.js';

const answer = (startedAtMs: number, durationMs: number, throttled = false) => ({ startedAtMs, endedAtMs: startedAtMs + durationMs, throttled });

describe('the concurrency of one account', () => {
  it('halves when answers get slow and never falls below one', () => {
    let state: ConcurrencyState = FULL_CONCURRENCY;
    const limits = [0, 10_000, 20_000, 30_000].map((at) => {
      state = afterAnswer(state, answer(at, 8_000));
      return state.limit;
    });
    expect(limits).toEqual([2, 1, 1, 1]);
  });

  it('falls once for all requests that were under way together', () => {
    const first = afterAnswer(FULL_CONCURRENCY, answer(0, 5_000));
    expect(afterAnswer(first, answer(100, 6_000)).limit).toBe(2);
  });

  it('falls on a refusal however fast it came', () => {
    expect(afterAnswer(FULL_CONCURRENCY, answer(0, 10, true)).limit).toBe(2);
  });

  it('climbs back to the most on fast answers', () => {
    let state: ConcurrencyState = { limit: 1, loweredAtMs: 0 };
    for (let turn = 0; turn < 12; turn += 1) state = afterAnswer(state, answer(turn * 1_000, 200));
    expect(state.limit).toBe(4);
    expect(afterAnswer(state, answer(99_000, 200)).limit).toBe(4);
  });

  it('stays where it is for answers in between', () => {
    expect(afterAnswer({ limit: 2, loweredAtMs: 0 }, answer(0, 2_500)).limit).toBe(2);
  });

  it('always stays between one and the most', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(100_000), fc.nat(30_000), fc.boolean())), (answers) => {
        const end = answers.reduce((state, [at, ms, throttled]) => afterAnswer(state, answer(at, ms, throttled)), FULL_CONCURRENCY);
        expect(end.limit).toBeGreaterThanOrEqual(1);
        expect(end.limit).toBeLessThanOrEqual(4);
      }),
    );
  });
});
