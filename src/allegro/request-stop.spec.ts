import { describe, expect, it } from '@jest/globals';
import { afterFailedProbe, afterThrottled, claimProbe, NO_STOP, stopPhase, type RequestStop } from './request-stop.js';

const NOW = 1_000_000;

function secondsOf(stop: RequestStop, nowMs: number): number {
  return (stop.blockedUntilMs - nowMs) / 1_000;
}

describe('the stop after a 429', () => {
  it('lasts 60 seconds without a header and doubles with each failed probe up to an hour', () => {
    let stop = NO_STOP;
    let now = NOW;
    const lengths = Array.from({ length: 8 }, () => {
      stop = afterThrottled(stop, now, null);
      const seconds = secondsOf(stop, now);
      now = stop.blockedUntilMs;
      return seconds;
    });
    expect(lengths).toEqual([60, 120, 240, 480, 960, 1920, 3600, 3600]);
  });

  it.each([
    [5, 60],
    [90, 90],
    [1_000_000, 3600],
    [0, 60],
  ])('with Retry-After %d lasts %d seconds', (header, seconds) => {
    expect(secondsOf(afterThrottled(NO_STOP, NOW, header), NOW)).toBe(seconds);
  });

  it('counts the answers of one wave as one strike', () => {
    const first = afterThrottled(NO_STOP, NOW, null);
    const second = afterThrottled(first, NOW + 500, null);
    expect(second).toEqual(first);
    expect(secondsOf(afterThrottled(second, NOW + 500, 300), NOW + 500)).toBe(300);
  });

  it('lets nothing pass, then exactly one probe', () => {
    const stop = afterThrottled(NO_STOP, NOW, null);
    expect(stopPhase(stop, NOW + 59_999)).toEqual({ phase: 'closed', waitMs: 1 });
    expect(claimProbe(stop, NOW + 59_999)).toBeNull();
    const claimed = claimProbe(stop, NOW + 60_000);
    expect(claimed && claimProbe(claimed, NOW + 60_001)).toBeNull();
    expect(claimed && stopPhase(claimed, NOW + 60_001).phase).toBe('closed');
  });

  it('gives the probe of a killed process to another one', () => {
    const stop = afterThrottled(NO_STOP, NOW, null);
    const claimed = claimProbe(stop, NOW + 60_000);
    expect(claimed && claimProbe(claimed, NOW + 100_000)).not.toBeNull();
  });

  it('allows the next probe soon after one that met an outage', () => {
    const failed = afterFailedProbe(afterThrottled(NO_STOP, NOW, null), NOW + 61_000);
    expect(stopPhase(failed, NOW + 65_999).phase).toBe('closed');
    expect(stopPhase(failed, NOW + 66_000).phase).toBe('probe');
  });

  it('is over when there is none', () => {
    expect(stopPhase(NO_STOP, NOW)).toEqual({ phase: 'free' });
    expect(claimProbe(NO_STOP, NOW)).toBeNull();
  });
});
