import { describe, expect, it } from '@jest/globals';
import { parseRetryAfter } from './retry-after.js';

const NOW = new Date('2026-11-21T10:00:00Z');

describe('a Retry-After header', () => {
  it.each([
    ['7', 7],
    [' 120 ', 120],
    ['0', 0],
    ['1.2', 2],
    ['1000000000', 3_600],
    ['1e9', 3_600],
    ['Sat, 21 Nov 2026 10:01:30 GMT', 90],
    ['Saturday, 21-Nov-26 10:00:05 GMT', 5],
    ['Sat, 21 Nov 2020 10:01:30 GMT', 0],
    ['Sat, 21 Nov 2099 10:01:30 GMT', 3_600],
  ])('%j waits %d seconds', (header, seconds) => {
    expect(parseRetryAfter(header, NOW, 3_600)).toBe(seconds);
  });

  it.each([['soon'], [''], ['-5'], ['NaN'], ['Infinity'], ['12 monkeys'], ['2026'.repeat(10)], [undefined], [['1', '2']], ['Mon, rubbish']])(
    '%j counts as none',
    (header) => {
      expect(parseRetryAfter(header, NOW, 3_600)).toBeNull();
    },
  );
});
