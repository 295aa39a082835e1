import { describe, expect, it } from '@jest/globals';
import { expiryOf, hasGap } from './reach.js';

const now = new Date('2026-03-01T00:00:00Z');
const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000);

describe('what passes out of reach', () => {
  it.each([
    ['events', 1, 'fine'],
    ['events', 46, 'soon'],
    ['events', 57, 'urgent'],
    ['events', 60, 'passed'],
    ['orders', 345, 'fine'],
    ['orders', 346, 'soon'],
    ['orders', 361, 'passed'],
    ['refresh_token', 74, 'fine'],
    ['refresh_token', 86, 'urgent'],
    ['refresh_token', 90, 'passed'],
  ] as const)('%s last taken care of %d days ago are %s', (reach, days, level) => {
    // prettier-ignore
    expect(expiryOf(reach, daysAgo(days), now).level).toBe(level);
  });
});

describe('a gap in the journal', () => {
  it('is there when the journal was left alone longer than Allegro keeps it and our place is gone', () => {
    expect(hasGap({ lastEventId: '999', readAt: daysAgo(61) }, '1000', now)).toBe(true);
    expect(hasGap({ lastEventId: '999', readAt: daysAgo(61) }, null, now)).toBe(true);
    expect(hasGap({ lastEventId: null, readAt: daysAgo(61) }, '1000', now)).toBe(true);
  });

  it('is not there while Allegro keeps our place, or for a quiet shop that is read all the time', () => {
    expect(hasGap({ lastEventId: '1000', readAt: daysAgo(61) }, '1000', now)).toBe(false);
    expect(hasGap({ lastEventId: '999', readAt: daysAgo(1) }, '1000', now)).toBe(false);
  });
});
