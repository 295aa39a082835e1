import { describe, expect, it } from '@jest/globals';
import { spanOf } from './report-span.js';

const DAY_MS = 86_400_000;
/** Days that begin at midnight UTC. */
const calendar = {
  dayOf: (instant: Date) => instant.toISOString().slice(0, 10),
  startOf: (day: string) => new Date(`${day}T00:00:00Z`),
  later: (day: string, days: number) => new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10),
};
const now = new Date('2026-03-15T13:00:00Z');
const span = (query: { from?: string; to?: string }) => {
  const found = spanOf(query, calendar, now);
  return found.kind === 'refused' ? [found.error.field] : [found.from.toISOString(), found.to.toISOString()];
};

describe('the span of a report', () => {
  it.each([
    [{}, '2026-02-14T00:00:00.000Z', '2026-03-16T00:00:00.000Z'],
    [{ from: '2026-03-15' }, '2026-03-15T00:00:00.000Z', '2026-03-16T00:00:00.000Z'],
    [{ to: '2026-01-30' }, '2026-01-01T00:00:00.000Z', '2026-01-31T00:00:00.000Z'],
    [{ from: '2026-01-01', to: '2026-01-01' }, '2026-01-01T00:00:00.000Z', '2026-01-02T00:00:00.000Z'],
    [{ from: '2026-01-01T10:00:00+01:00', to: '2026-01-01T12:00:00Z' }, '2026-01-01T09:00:00.000Z', '2026-01-01T12:00:00.000Z'],
  ])('of %j is from %s until before %s', (query, from, to) => {
    expect(span(query)).toEqual([from, to]);
  });

  it.each([
    [{ from: '2026-01-02', to: '2026-01-01' }, 'from'],
    [{ from: '2026-03-16' }, 'from'],
    [{ from: '2026-01-01T10:00:00Z', to: '2026-01-01T10:00:00Z' }, 'from'],
    [{ from: '2016-03-01', to: '2026-03-15' }, 'from'],
    [{ from: '2026-01-01T10:00:00' }, 'from'],
    [{ to: 'yesterday' }, 'to'],
    [{ to: '9999-12-31' }, 'to'],
    [{ to: '9999-12-31T23:59:59Z' }, 'to'],
  ])('of %j is refused because of %s', (query, field) => {
    expect(span(query)).toEqual([field]);
  });
});
