import { describe, expect, it } from '@jest/globals';
import { byteRangeOf } from './byte-range.js';

describe('a range of a file of 100 bytes', () => {
  it.each([
    ['bytes=0-0', { from: 0, to: 1 }],
    ['bytes=10-19', { from: 10, to: 20 }],
    ['bytes=10-', { from: 10, to: 100 }],
    ['bytes=90-500', { from: 90, to: 100 }],
    ['bytes=-10', { from: 90, to: 100 }],
    ['bytes=-500', { from: 0, to: 100 }],
  ])('%s', (header, range) => {
    expect(byteRangeOf(header, 100)).toEqual(range);
  });

  it.each(['bytes=100-', 'bytes=500-600', 'bytes=-0'])('%s begins behind its end', (header) => {
    expect(byteRangeOf(header, 100)).toBe('unsatisfiable');
  });

  it.each([undefined, '', 'bytes=-', 'bytes=5-4', 'bytes=0-1,5-6', 'lines=1-2', 'bytes=a-b'])('%s asks for the whole file', (header) => {
    expect(byteRangeOf(header, 100)).toBeNull();
  });
});
