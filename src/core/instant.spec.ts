import { describe, expect, it } from '@jest/globals';
import { parseInstant } from './instant.js';

describe('parseInstant', () => {
  it.each([
    ['2026-03-01T10:00:00Z', '2026-03-01T10:00:00.000Z'],
    ['2026-03-01T10:00:00', '2026-03-01T10:00:00.000Z'],
    ['2026-03-01T12:00:00+02:00', '2026-03-01T10:00:00.000Z'],
    ['2026-03-01T12:00:00.123456+0200', '2026-03-01T10:00:00.123Z'],
    ['2026-03-01t10:00z', '2026-03-01T10:00:00.000Z'],
    ['2026-03-01', '2026-03-01T00:00:00.000Z'],
  ])('reads %s', (text, expected) => {
    expect(parseInstant(text)?.toISOString()).toBe(expected);
  });

  it.each([
    ['2026-02-30T00:00:00Z'], ['2026-13-01'], ['0000-01-01T00:00:00Z'], ['275760-01-01T00:00:00Z'], ['9999-12-31T23:59:00-05:00'],
    ['2026-03-01T10:00:00+25:00'], ['2026-03-01T25:00:00Z'], ['yesterday'], ['1772359200'], [''], [1772359200], [null], [undefined],
  ])('refuses %p', (value) => {
    expect(parseInstant(value)).toBeNull();
  });
}); // prettier-ignore
