import { expect, it } from '@jest/globals';
import { LineAllowance } from './line-allowance.js';

it('lets a few lines a second through, and says how many it held back', () => {
  const allowance = new LineAllowance(2);
  expect([5_000, 5_100, 5_200, 5_999].map((at) => allowance.take(at))).toEqual([0, 0, null, null]);
  expect([6_000, 6_001].map((at) => allowance.take(at))).toEqual([2, 0]);
});
