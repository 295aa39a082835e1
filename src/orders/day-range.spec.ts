import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dayIn, dayRange, daysLater, dayStart } from './day-range.js';

const range = (from: string, to: string, zone?: string) => dayRange(new Date(from), new Date(to), zone);
const instant = fc.date({ min: new Date('2019-12-30T00:00:00Z'), max: new Date('2031-01-02T00:00:00Z'), noInvalidDate: true });

describe('the start of a day', () => {
  it.each([
    ['Europe/Warsaw', '2026-01-15', '2026-01-14T23:00:00.000Z'],
    ['Europe/Warsaw', '2026-07-15', '2026-07-14T22:00:00.000Z'],
    ['Europe/Warsaw', '2026-03-29', '2026-03-28T23:00:00.000Z'],
    ['Europe/Warsaw', '2026-10-25', '2026-10-24T22:00:00.000Z'],
    ['Pacific/Kiritimati', '2026-01-15', '2026-01-14T10:00:00.000Z'],
    ['Pacific/Pago_Pago', '2026-01-15', '2026-01-15T11:00:00.000Z'],
  ])('in %s of %s is %s', (zone, day, start) => {
    expect(dayStart(zone, day).toISOString()).toBe(start);
  });

  it('is the first instant of its day, whatever the clocks do', () => {
    fc.assert(
      fc.property(instant, (at) => {
        const start = dayStart('Europe/Warsaw', dayIn('Europe/Warsaw', at));
        expect(dayIn('Europe/Warsaw', start)).toBe(dayIn('Europe/Warsaw', at));
        expect(dayIn('Europe/Warsaw', new Date(start.getTime() - 1))).toBe(daysLater(dayIn('Europe/Warsaw', at), -1));
      }),
    );
  });
});

describe('a span of days', () => {
  it('of whole days is read from sums alone', () => {
    expect(range('2026-01-31T23:00:00Z', '2026-04-15T22:00:00Z')).toMatchObject({
      ...{ summedFrom: '2026-01-31T23:00:00.000Z', summedTo: '2026-04-15T22:00:00.000Z', firstDay: '2026-02-01', endDay: '2026-04-16' },
      ...{ firstMonth: '2026-02-01', endMonth: '2026-04-01' },
    });
  });

  it('within a day, or of days of another zone, is read from orders alone', () => {
    const orders = { summedFrom: '2026-03-03T20:00:00.000Z', summedTo: '2026-03-03T20:00:00.000Z' };
    expect(range('2026-03-03T01:00:00Z', '2026-03-03T20:00:00Z')).toMatchObject(orders);
    expect(range('2026-01-01T01:00:00Z', '2026-03-03T20:00:00Z', 'UTC')).toMatchObject(orders);
  });

  it('is cut into parts that follow each other without a gap', () => {
    fc.assert(
      fc.property(instant, instant, (one, other) => {
        const [from, to] = one < other ? [one, other] : [other, one];
        const { summedFrom, summedTo, firstDay, endDay, firstMonth, endMonth } = dayRange(from, to);
        expect([from.toISOString() <= summedFrom, summedFrom <= summedTo, summedTo <= to.toISOString()]).toEqual([true, true, true]);
        expect([firstDay <= firstMonth, firstMonth <= endMonth, endMonth <= endDay]).toEqual([true, true, true]);
        if (firstDay < endDay) expect([summedFrom, summedTo]).toEqual([firstDay, endDay].map((day) => dayStart('Europe/Warsaw', day).toISOString()));
        if (firstMonth < endMonth) expect([firstMonth, endMonth].every((day) => day.endsWith('-01'))).toBe(true);
      }),
    );
  });
});
