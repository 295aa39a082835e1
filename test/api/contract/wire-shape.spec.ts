import { describe, expect, it } from '@jest/globals';
import { mismatches } from './wire-shape.js';

describe('the comparison of an answer with what a client reads', () => {
  const shape = { id: 'uuid', at: 'instant|null', items: [{ count: 'number' }] as const };
  const answer = { id: '5e0c6c0e-0c39-4d8b-9f9a-6a3f4c1d2e3f', at: null, items: [{ count: 1 }], more: true };

  it('welcomes members nobody asked for', () => {
    expect(mismatches(answer, shape)).toEqual([]);
  });

  it.each([
    ['a member that is missing', { ...answer, at: undefined }, /answer\.at is undefined/],
    ['a member that was renamed', { id: answer.id, at: null, list: [] }, /answer\.items is missing/],
    ['another JSON type', { ...answer, items: [{ count: '1' }] }, /answer\.items\[0\]\.count is "1", not number/],
    ['an instant with an offset', { ...answer, at: '2026-03-01T12:00:00+01:00' }, /answer\.at is .*, not instant\|null/],
    ['a list that is none', { ...answer, items: {} }, /answer\.items is no list/],
  ])('tells of %s', (_name, changed, told) => {
    expect(mismatches(changed, shape).join()).toMatch(told);
  });
});
