import { describe, expect, it } from '@jest/globals';
import { DEFAULT_FRESHNESS, type Freshness, freshnessOf, type SyncFacts } from './freshness.js';

const now = new Date('2026-03-01T12:00:00Z');
const minutesAgo = (minutes: number) => new Date(now.getTime() - minutes * 60_000);
const well: SyncFacts = {
  connection: 'working',
  paused: false,
  schedule: { intervalMinutes: 10, since: minutesAgo(1_000) },
  lastSuccessAt: minutesAgo(5),
  running: false,
};

describe('freshness of an account', () => {
  it.each<[string, Partial<SyncFacts>, Freshness]>([
    ['was synced within its interval', {}, 'fresh'],
    ['missed one turn', { lastSuccessAt: minutesAgo(22) }, 'fresh'],
    ['missed two turns', { lastSuccessAt: minutesAgo(23) }, 'late'],
    ['missed four turns and ten minutes', { lastSuccessAt: minutesAgo(51) }, 'stalled'],
    ['is in the middle of a long run', { lastSuccessAt: minutesAgo(500), running: true }, 'late'],
    ['was paused by the breaker', { paused: true }, 'paused'],
    ['waits for its seller', { connection: 'waiting' }, 'disconnected'],
    ['waits for its seller while paused', { connection: 'waiting', paused: true }, 'disconnected'],
    ['has no token any more', { connection: 'none' }, 'disconnected'],
    ['was linked and not synced yet', { lastSuccessAt: null, schedule: null }, 'never'],
    ['has just been scheduled', { lastSuccessAt: null, schedule: { intervalMinutes: 10, since: minutesAgo(3) } }, 'never'],
    ['was scheduled long ago and never synced', { lastSuccessAt: null }, 'stalled'],
    ['imports its history for the first time', { lastSuccessAt: null, running: true }, 'never'],
    ['is synced by hand only', { schedule: null, lastSuccessAt: minutesAgo(100_000) }, 'unknown'],
  ])('of one that %s', (_what, change, freshness) => {
    expect(freshnessOf({ ...well, ...change }, DEFAULT_FRESHNESS, now)).toBe(freshness);
  });
});
