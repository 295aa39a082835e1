import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isStalled, nextFullAt, nextRunAt, scheduledFullFrom } from './schedule-times.js';

const NOW = new Date('2026-03-01T12:00:00.000Z');
const after = (instant: Date): number => (instant.getTime() - NOW.getTime()) / 1000;
const before = (seconds: number): Date => new Date(NOW.getTime() - seconds * 1000);

describe('the next run', () => {
  it('comes after the interval, a tenth earlier or later', () => {
    expect([nextRunAt(NOW, 10, 0), nextRunAt(NOW, 10, 0.5), nextRunAt(NOW, 10, 1)].map(after)).toEqual([540, 600, 660]);
  });

  it('is never nearer than half a minute and never further than a tenth beyond the interval', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1440, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (minutes, random) => {
        const seconds = after(nextRunAt(NOW, minutes, random));
        expect(seconds).toBeGreaterThanOrEqual(30);
        expect(seconds).toBeLessThanOrEqual(Math.max(30, minutes * 66) + 0.001);
      }),
    );
  });
});

describe('the scheduled look at the forms', () => {
  it('comes every six hours, a tenth earlier or later', () => {
    expect([nextFullAt(NOW, 0), nextFullAt(NOW, 1)].map(after)).toEqual([19_440, 23_760]);
  });

  it('reaches three days back', () => {
    expect(scheduledFullFrom(NOW)).toEqual(new Date('2026-02-26T12:00:00.000Z'));
  });
});

describe('a schedule that is due', () => {
  it.each([
    ['is stalled when no queue ever took it', { enqueuedAt: null, leaseUntil: null }, true],
    ['waits in its queue for half a minute', { enqueuedAt: before(29.9), leaseUntil: null }, false],
    ['is stalled after that', { enqueuedAt: before(30), leaseUntil: null }, true],
    ['is not stalled while a run of the account lives', { enqueuedAt: before(3_600), leaseUntil: before(-5) }, false],
    ['is stalled when the process of its run died', { enqueuedAt: before(3_600), leaseUntil: before(1) }, true],
    ['does not go again to the queue that refused it while a run lives', { enqueuedAt: null, leaseUntil: before(-5) }, false],
  ])('%s', (_name, schedule, stalled) => {
    expect(isStalled(schedule, NOW)).toBe(stalled);
  });
});
