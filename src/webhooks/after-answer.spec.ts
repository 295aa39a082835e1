import { describe, expect, it } from '@jest/globals';
import { type Failing, afterFailure, isDelivered } from './after-answer.js';
import type { EndedAnswer } from './answer.js';

const NOW = new Date('2026-11-21T10:00:00Z');
const DAY_MS = 86_400_000;
const answered = (status: number, retryAfter: string | null = null): EndedAnswer => ({ kind: 'answered', status, retryAfter, excerpt: Buffer.alloc(0) });
const failing = (changes: Partial<Failing> = {}): Failing => ({
  deliveryFailures: 0,
  giveUpAt: new Date(NOW.getTime() + 3 * DAY_MS),
  webhookFailures: 0,
  failingSince: null,
  ...changes,
});
const secondsUntil = (at: Date | null) => at && (at.getTime() - NOW.getTime()) / 1_000;

it('is delivered by a status of 2xx alone: a redirect is none', () => {
  expect([200, 204, 299, 300, 301, 307, 400, 410, 500].filter((status) => isDelivered(answered(status)))).toEqual([200, 204, 299]);
  expect(isDelivered({ kind: 'failed', failure: 'timeout' })).toBe(false);
});

describe('after a failed attempt', () => {
  it('the next one comes ever later, up to six hours', () => {
    const waits = Array.from({ length: 12 }, (_, failures) =>
      secondsUntil(afterFailure(failing({ deliveryFailures: failures }), answered(500), NOW, 0.5).nextAttemptAt),
    );
    expect(waits).toEqual([5, 15, 45, 135, 405, 1_215, 3_645, 10_935, 21_600, 21_600, 21_600, 21_600]);
  });

  it('times are spread by a fifth to either side', () => {
    const at = (random: number) => secondsUntil(afterFailure(failing({ deliveryFailures: 2 }), answered(500), NOW, random).nextAttemptAt);
    expect([at(0), at(1)]).toEqual([36, 54]);
  });

  it('attempts of a delivery that always fails fill the three days and end with them', () => {
    let state = failing();
    let at = NOW;
    let attempts = 1;
    for (;;) {
      const next = afterFailure(state, { kind: 'failed', failure: 'timeout' }, at, 0.5).nextAttemptAt;
      if (next === null) break;
      attempts += 1;
      at = next;
      state = failing({ deliveryFailures: state.deliveryFailures + 1 });
    }
    expect(attempts).toBe(20);
    expect(at.getTime() - NOW.getTime()).toBeGreaterThan(2.7 * DAY_MS);
  });

  it('a longer Retry-After is honoured, up to a day; a shorter one hurries nothing', () => {
    const wait = (header: string) => secondsUntil(afterFailure(failing({ deliveryFailures: 2 }), answered(429, header), NOW, 0.5).nextAttemptAt);
    expect(['120', '1', '999999999', 'Sat, 21 Nov 2026 10:05:00 GMT', 'soon'].map(wait)).toEqual([120, 45, 86_400, 300, 45]);
  });

  it('a receiver that fails five times in a row is left alone, for five minutes at most', () => {
    const quiet = (webhookFailures: number) => secondsUntil(afterFailure(failing({ webhookFailures }), answered(500), NOW, 0.5).quietUntil);
    expect([3, 4, 5, 6, 100].map(quiet)).toEqual([null, 5, 10, 20, 300]);
  });

  it('410 switches the webhook off at once, five days of failures do, and one success in between begins them anew', () => {
    const since = (days: number) => failing({ failingSince: new Date(NOW.getTime() - days * DAY_MS) });
    expect(afterFailure(failing(), answered(410), NOW, 0.5).disable).toBe('gone');
    expect(afterFailure(since(4.99), answered(500), NOW, 0.5).disable).toBeNull();
    expect(afterFailure(since(5), answered(500), NOW, 0.5).disable).toBe('failing');
    expect(afterFailure(failing({ failingSince: null }), answered(500), NOW, 0.5).disable).toBeNull();
  });
});
