import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { keepLock } from './lock-renewal.js';
import { LOCK_MS, LOCK_RENEWAL_MS } from './queue-settings.js';

describe('a renewed lock', () => {
  let lost: number;
  const keep = (extend: () => Promise<number>) => keepLock(extend, () => (lost += 1));

  beforeEach(() => {
    lost = 0;
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('is kept as long as each renewal is confirmed', async () => {
    const extend = jest.fn(() => Promise.resolve(1));
    const release = keep(extend);
    await jest.advanceTimersByTimeAsync(10 * LOCK_MS);
    expect([lost, extend.mock.calls.length]).toEqual([0, (10 * LOCK_MS) / LOCK_RENEWAL_MS]);
    release();
    await jest.advanceTimersByTimeAsync(LOCK_MS);
    expect(extend.mock.calls.length).toBe((10 * LOCK_MS) / LOCK_RENEWAL_MS);
  });

  it('is lost once, at the first renewal that finds somebody else', async () => {
    keep(() => Promise.resolve(0));
    await jest.advanceTimersByTimeAsync(LOCK_RENEWAL_MS);
    expect(lost).toBe(1);
    await jest.advanceTimersByTimeAsync(10 * LOCK_MS);
    expect(lost).toBe(1);
  });

  it('survives renewals that fail, but not for longer than the lock lasts', async () => {
    let answers = 0;
    keep(() => ((answers += 1) % 3 === 0 ? Promise.resolve(1) : Promise.reject(new Error('away'))));
    await jest.advanceTimersByTimeAsync(4 * LOCK_MS);
    expect(lost).toBe(0);
    keep(() => Promise.reject(new Error('away for good')));
    await jest.advanceTimersByTimeAsync(LOCK_MS + LOCK_RENEWAL_MS);
    expect(lost).toBe(1);
  });

  it('is lost when a renewal is never answered', async () => {
    keep(() => new Promise<number>(() => undefined));
    await jest.advanceTimersByTimeAsync(LOCK_MS + LOCK_RENEWAL_MS);
    expect(lost).toBe(1);
  });
});
