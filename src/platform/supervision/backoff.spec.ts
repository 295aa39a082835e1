import { expect, it } from '@jest/globals';
import { pauseAfter } from './backoff.js';

it('waits the interval after a success and ever longer after failures, up to half a minute', () => {
  expect([0, 1, 2, 3, 4, 5, 6, 100].map((failures) => pauseAfter(1_000, failures))).toEqual([1_000, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
});

it('never hammers, however short the interval, and never hurries a slow loop', () => {
  expect(pauseAfter(0, 1)).toBe(100);
  expect(pauseAfter(60_000, 1)).toBe(60_000);
});
