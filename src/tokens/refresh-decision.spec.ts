import { describe, expect, it } from '@jest/globals';
import { isWornOut, LEASE_SECONDS, refreshStep, retryDelaySeconds, type RefreshView } from './refresh-decision.js';

const view: RefreshView = { state: 'active', generation: '4', secondsLeft: 0, leased: false, retryInSeconds: 0 };
const wish = { generation: '4', atOnce: false };

/** Allegro's grace for a spent refresh token. */
const GRACE_SECONDS = 60;

describe('what to do about a token that has to be refreshed', () => {
  it('spends the refresh token when nobody else does', () => {
    expect(refreshStep(view, wish)).toBe('claim');
  });

  it('takes the newer pair when somebody else was faster, even while a further refresh runs', () => {
    expect(refreshStep({ ...view, generation: '5', leased: true }, wish)).toBe('take_newer');
  });

  it('compares generations as numbers', () => {
    expect(refreshStep({ ...view, generation: '10' }, { ...wish, generation: '9' })).toBe('take_newer');
  });

  it('waits while another process spends it', () => {
    expect(refreshStep({ ...view, leased: true }, { ...wish, atOnce: true })).toBe('wait');
  });

  it('holds back after a failure, unless a person asks', () => {
    expect(refreshStep({ ...view, retryInSeconds: 8 }, wish)).toBe('postponed');
    expect(refreshStep({ ...view, retryInSeconds: 8 }, { ...wish, atOnce: true })).toBe('claim');
  });

  it.each(['linking', 'needs_reauth', 'deactivated'] as const)('never spends the refresh token of a token that is %s', (state) => {
    expect(refreshStep({ ...view, state }, wish)).toBe('not_active');
  });

  it('replaces an access token shortly before its end, and one whose end is unknown', () => {
    expect(isWornOut({ ...view, secondsLeft: 43_199 })).toBe(false);
    expect(isWornOut({ ...view, secondsLeft: 299 })).toBe(true);
    expect(isWornOut({ ...view, secondsLeft: -5 })).toBe(true);
    expect(isWornOut({ ...view, secondsLeft: null })).toBe(true);
  });

  it('repeats a lost answer several times inside the grace of the spent refresh token', () => {
    const delays = [1, 2, 3, 4].map(retryDelaySeconds);
    expect(delays).toEqual([2, 4, 8, 16]);
    expect(LEASE_SECONDS + delays[0]! + delays[1]!).toBeLessThan(GRACE_SECONDS);
  });

  it('never waits longer than a minute, however long the outage', () => {
    expect(retryDelaySeconds(6)).toBe(60);
    expect(retryDelaySeconds(5_000)).toBe(60);
  });
});
