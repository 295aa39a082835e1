import { beforeEach, describe, expect, it } from '@jest/globals';
import { Clock } from '../clock.js';
import { textAt, type JsonObject } from '../json.js';
import { settingsOf } from '../settings.js';
import { sellerAt } from '../shop/sellers.js';
import { Sessions } from './sessions.js';

const seller = sellerAt(1, 0);
const SCOPES = ['allegro:api:orders:read'];

describe('the tokens of a consent', () => {
  let clock: Clock;
  let sessions: Sessions;
  const begin = (): JsonObject => sessions.begin(seller, 'app', SCOPES);
  const spend = (pair: JsonObject): JsonObject | string => {
    const outcome = sessions.refresh(textAt(pair, 'refresh_token'), 'app');
    return outcome.kind === 'pair' ? outcome.answer : outcome.kind;
  };
  const opens = (pair: JsonObject): string => sessions.access(textAt(pair, 'access_token')).kind;

  beforeEach(() => {
    clock = new Clock(Date.UTC(2030, 0, 1));
    sessions = new Sessions(settingsOf({ seed: 1 }), clock);
  });

  it('are replaced by a refresh, which kills the old access token', () => {
    const first = begin();
    expect(opens(first)).toBe('open');
    const second = spend(first) as JsonObject;
    expect(opens(first)).toBe('expired');
    expect(opens(second)).toBe('open');
  });

  it('may be asked for again for 60 seconds with the same refresh token, each time a new pair that retires the last', () => {
    const first = begin();
    const second = spend(first) as JsonObject;
    clock.advance(59_000);
    const third = spend(first) as JsonObject;
    expect(opens(second)).toBe('expired');
    expect(opens(third)).toBe('open');
    expect(spend(second)).toBe('invalid_grant');
    clock.advance(2_000);
    expect(spend(first)).toBe('invalid_grant');
    expect(opens(spend(third) as JsonObject)).toBe('open');
  });

  it('are counted: one spend, repeats inside the grace, refusals after it', () => {
    const first = begin();
    spend(first);
    spend(first);
    clock.advance(61_000);
    spend(first);
    expect(sessions.refreshRecords()[0]).toMatchObject({ sellerId: seller.id, spends: 1, graceRepeats: 1, refusals: 1 });
  });

  it('expire: access after 43,199 seconds, refresh after three months', () => {
    const first = begin();
    clock.advance(43_199_000);
    expect(opens(first)).toBe('expired');
    const second = spend(first) as JsonObject;
    clock.advance(90 * 86_400_000);
    expect(spend(second)).toBe('invalid_grant');
  });

  it('are of no use to another application', () => {
    expect(sessions.refresh(textAt(begin(), 'refresh_token'), 'another')).toEqual({ kind: 'invalid_grant' });
  });

  it('die with the 21st session of their seller', () => {
    const first = begin();
    for (let count = 0; count < 19; count += 1) begin();
    expect(opens(first)).toBe('open');
    begin();
    expect(opens(first)).toBe('expired');
    expect(spend(first)).toBe('invalid_grant');
  });

  it('die when the seller unlinks the application, with another answer', () => {
    const first = begin();
    expect(sessions.revoke(seller.id, 'unlinked')).toBe(1);
    expect(opens(first)).toBe('expired');
    expect(spend(first)).toBe('unlinked');
  });
});
