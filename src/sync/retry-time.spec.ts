import { describe, expect, it } from '@jest/globals';
import { Problem } from '../core/problem.js';
import { pauseAfter, retryTime } from './retry-time.js';

const now = new Date('2026-01-01T00:00:00Z');
const history = (failures: number, jitter = 1) => ({ now, failures, jitter });
const after = (at: Date) => (at.getTime() - now.getTime()) / 1000;

describe('when a failed sync is tried again', () => {
  it('waits for what passes, at least as long as Allegro asked', () => {
    const outage = new Problem('ALLEGRO_UNAVAILABLE', { status: 503, detail: 'down', retry: 'later', retryAfterSeconds: 120 });
    expect(retryTime(outage, history(1))).toEqual({ at: new Date(now.getTime() + 120_000), reason: 'ALLEGRO_UNAVAILABLE: down' });
  });

  it('does not wait for what will not pass', () => {
    expect(retryTime(new Problem('WRITE_CONFLICT', { status: 409, detail: 'no' }), history(1))).toBeNull();
    expect(retryTime(new Error('bug'), history(1))).toBeNull();
  });

  it('waits longer after each failure, within bounds, and spread', () => {
    expect(after(pauseAfter(history(1)))).toBe(30);
    expect(after(pauseAfter(history(1, 0)))).toBe(15);
    expect(after(pauseAfter(history(3)))).toBe(120);
    expect(after(pauseAfter(history(40)))).toBe(900);
  });
});
