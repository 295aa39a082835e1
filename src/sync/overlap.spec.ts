import { describe, expect, it } from '@jest/globals';
import { overlapStart, readSince } from './overlap.js';

const now = new Date('2026-01-01T12:00:00Z');
const minutesAgo = (minutes: number) => new Date(now.getTime() - minutes * 60_000);

describe('the overlap behind the cursor', () => {
  it('starts at the cursor, and every ten minutes at the stored older event', () => {
    expect(overlapStart({ lastEventId: '9', overlapEventId: '5', overlapReadAt: minutesAgo(9) }, now)).toBe('9');
    expect(overlapStart({ lastEventId: '9', overlapEventId: '5', overlapReadAt: minutesAgo(10) }, now)).toBe('5');
    expect(overlapStart({ lastEventId: '9', overlapEventId: null, overlapReadAt: null }, now)).toBe('9');
    expect(overlapStart({ lastEventId: null, overlapEventId: null, overlapReadAt: null }, now)).toBeNull();
  });

  it('looks for changed forms from before the oldest of the events', () => {
    const events = [{ occurredAt: minutesAgo(5).toISOString() }, { occurredAt: minutesAgo(30).toISOString() }, { occurredAt: 'never' }, { occurredAt: null }];
    expect(readSince(events, now)).toEqual(minutesAgo(45));
    expect(readSince([], now)).toEqual(minutesAgo(15));
  });
});
