import { expect, it } from '@jest/globals';
import { flawOf } from './setting.js';

const DAYS = { type: 'integer', min: 1, max: 30 } as const;
const SHARE = { type: 'decimal', min: 0.01, max: 1 } as const;

it.each([
  [DAYS, 1],
  [DAYS, 30],
  [SHARE, 0.01],
  [SHARE, 1],
])('within %o stands %s', (setting, value) => {
  expect(flawOf(setting, value)).toBeNull();
});

it.each([0, 31, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '7', null, true, [], {}])('%s is refused by name of its bounds', (value) => {
  expect(flawOf(DAYS, value)).toBe('must be a whole number from 1 to 30');
});

it.each([0, 1.01, Number.NaN, '0.5', null])('%s is no share', (value) => {
  expect(flawOf(SHARE, value)).toBe('must be a number from 0.01 to 1');
});
