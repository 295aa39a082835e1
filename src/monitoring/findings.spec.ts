import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type AccountLook, DEFAULT_FINDING_LIMITS, findingsOf, type InstallationLook } from './findings.js';
import { fleetVerdict, isAllegroDown } from './fleet.js';
import { DEFAULT_FRESHNESS, freshnessOf } from './freshness.js';

const look: AccountLook = { accountId: '1', tenantId: 't', freshness: 'fresh', needsSeller: false, newlyOwed: 0, newlyHeld: 0, daysLeft: 80 };
const calm: InstallationLook = { allegroDown: false, horizonAgeSeconds: 0, unsealedAgeSeconds: 0, sealIntervalSeconds: 60 };
const kinds = (accounts: readonly AccountLook[], installation = calm) => findingsOf(accounts, installation, [], DEFAULT_FINDING_LIMITS).map(({ kind }) => kind);

describe('what is worth an alert', () => {
  it.each<[Partial<AccountLook>, string]>([
    [{ freshness: 'stalled' }, 'account_stalled'],
    [{ freshness: 'disconnected', needsSeller: true }, 'account_disconnected'],
    [{ freshness: 'paused' }, 'account_paused'],
    [{ newlyOwed: 50 }, 'owed_forms_growing'],
    [{ newlyHeld: 20 }, 'quarantine_growing'],
    [{ daysLeft: 13.5 }, 'expiry_near'],
  ])('is an account with %j', (change, kind) => {
    expect(kinds([{ ...look, ...change }])).toEqual([kind]);
  });

  it.each<[Partial<InstallationLook>, string]>([
    [{ allegroDown: true }, 'allegro_down'],
    [{ horizonAgeSeconds: 301 }, 'feed_horizon_old'],
    [{ unsealedAgeSeconds: 361 }, 'seal_overdue'],
  ])('is an installation with %j', (change, kind) => {
    expect(kinds([look], { ...calm, ...change })).toEqual([kind]);
  });

  it('is no account that was disconnected on purpose, and no stalled one while Allegro is down', () => {
    expect(kinds([{ ...look, freshness: 'disconnected' }])).toEqual([]);
    expect(kinds([{ ...look, freshness: 'stalled' }], { ...calm, allegroDown: true })).toEqual(['allegro_down']);
  });

  it('is nothing in a quiet night: syncs that end well trip nothing, whatever they find', () => {
    const now = new Date('2026-03-01T03:00:00Z');
    const account = fc.record({
      interval: fc.integer({ min: 1, max: 1_440 }),
      part: fc.double({ min: 0, max: 1, noNaN: true }),
      owed: fc.integer({ min: 0, max: 49 }),
    });
    fc.assert(
      fc.property(fc.array(account, { maxLength: 20 }), (accounts) => {
        const looks = accounts.map(({ interval, part, owed }) => {
          const lastSuccessAt = new Date(now.getTime() - part * interval * 60_000);
          const facts = {
            connection: 'working',
            paused: false,
            schedule: { intervalMinutes: interval, since: new Date(0) },
            lastSuccessAt,
            running: false,
          } as const;
          return { ...look, freshness: freshnessOf(facts, DEFAULT_FRESHNESS, now), newlyOwed: owed };
        });
        expect(kinds(looks)).toEqual([]);
      }),
    );
  });
});

describe('the fleet', () => {
  const facts = { freshness: ['fresh', 'late'] as const, scheduled: 10, failing: 0, allegro: 'up' as const };

  it('tells an outage of Allegro from trouble of single accounts', () => {
    expect(fleetVerdict(facts)).toBe('ok');
    expect(fleetVerdict({ ...facts, failing: 2 })).toBe('accounts');
    expect(fleetVerdict({ ...facts, freshness: ['fresh', 'stalled'] })).toBe('accounts');
    expect(fleetVerdict({ ...facts, failing: 6 })).toBe('allegro_down');
    expect(fleetVerdict({ ...facts, allegro: 'down' })).toBe('allegro_down');
  });

  it('blames Allegro for nothing when two of two accounts fail', () => {
    expect(isAllegroDown({ scheduled: 2, failing: 2, allegro: 'up' })).toBe(false);
    expect(isAllegroDown({ scheduled: 3, failing: 3, allegro: 'degraded' })).toBe(true);
  });
});
