import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AllegroAuthClient } from '../../src/allegro/allegro-auth.client.js';
import { AllegroProblem } from '../../src/allegro/allegro.errors.js';
import { SellerLookup } from '../../src/tokens/seller-lookup.service.js';
import { Tokens } from '../../src/tokens/tokens.service.js';
import { UnfinishedRefreshes } from '../../src/tokens/unfinished-refreshes.js';
import { eventually } from '../support/eventually.js';
import { TokenApp, type TokenWorld, tokenWorld } from '../support/token-app.js';

const GRACE_MS = 60_000;
type Refresh = AllegroAuthClient['refresh'];

describe('refreshing a token', () => {
  let world: TokenWorld;
  /** Two processes' worth of the service: nothing is shared but the database. */
  let first: TokenApp;
  let second: TokenApp;
  let tokenId: string;

  beforeAll(async () => {
    world = await tokenWorld();
    [first, second] = [await TokenApp.start(world), await TokenApp.start(world)];
  });

  beforeEach(async () => {
    tokenId = await first.import('Shop', sellerId(), `tenant-${crypto.randomUUID()}`);
    world.sandbox.resetStats();
  });

  afterEach(() => {
    heal();
  });

  afterAll(async () => {
    await Promise.all([first.stop(), second.stop()]);
    await world.release();
  });

  const sellerId = (): string => world.sandbox.sellers()[0]?.id ?? '';
  const whoIs = async (app: TokenApp): Promise<string> =>
    app.app.get(Tokens).withAccessToken(tokenId, async (token) => (await app.app.get(SellerLookup).whoIs(token, 'test')).id);
  const passTime = async (column: 'expires_at' | 'lease_until' | 'retry_at'): Promise<void> =>
    void (await world.owner.query(`update tokens set ${column} = now() - interval '1 second' where id = $1 and ${column} is not null`, [tokenId]));
  const row = async (): Promise<Record<string, unknown>> => {
    const { rows } = await world.owner.query('select state, generation, refresh_failures, retry_at, lease_id, expires_at from tokens where id = $1', [tokenId]);
    return rows[0] as Record<string, unknown>;
  };
  const events = async (): Promise<string[]> => {
    const { rows } = await world.owner.query<{ type: string }>(
      `select e.type from event_log.order_events e join tokens t on t.account_id = e.account_id where t.id = $1 order by e.version`, [tokenId],
    );
    return rows.map(({ type }) => type);
  };
  const counted = (): { spends: number; repeats: number } => {
    const records = world.sandbox.stats().refreshes;
    return { spends: records.reduce((sum, one) => sum + one.spends, 0), repeats: records.reduce((sum, one) => sum + one.graceRepeats, 0) };
  };
  const tokenCalls = (): number => Object.values(world.sandbox.stats().routes['POST /auth/oauth/token'] ?? {}).reduce((sum, count) => sum + count, 0);
  const heal = (): void => {
    for (const process of [first, second]) Reflect.deleteProperty(process.app.get(AllegroAuthClient), 'refresh');
  };
  /** Puts something in front of one process's refresh call. */
  const intercept = (app: TokenApp, refresh: (real: Refresh) => Refresh): void => {
    const auth = app.app.get(AllegroAuthClient);
    auth.refresh = refresh(AllegroAuthClient.prototype.refresh.bind(auth));
  };
  const outage = (kind: 'unavailable' | 'throttled' | 'malformed' | 'forbidden'): AllegroProblem => new AllegroProblem({ kind, blame: 'allegro', detail: 'an outage' });

  it('is not done while the access token is good', async () => {
    expect(await whoIs(first)).toBe(sellerId());
    expect(tokenCalls()).toBe(0);
  });

  it('is done once when forty calls of two processes meet an expired token', async () => {
    await passTime('expires_at');
    const calls = Array.from({ length: 40 }, async (_, index) => whoIs(index % 2 === 0 ? first : second));
    expect(new Set(await Promise.all(calls))).toEqual(new Set([sellerId()]));
    expect(tokenCalls()).toBe(1);
    expect(await row()).toMatchObject({ generation: '2', lease_id: null });
  });

  it('happens after a 401 although the token should be good, and the call is repeated', async () => {
    world.sandbox.expireTokens();
    expect(await whoIs(first)).toBe(sellerId());
    expect(tokenCalls()).toBe(1);
  });

  it('is spared when the row has a newer pair than the one that was refused', async () => {
    const used: string[] = [];
    const seen = await first.app.get(Tokens).withAccessToken(tokenId, async (token) => {
      used.push(token.reveal());
      if (used.length === 1) await second.app.get(Tokens).refresh(tokenId);
      return (await first.app.get(SellerLookup).whoIs(token, 'test')).id;
    });
    expect(seen).toBe(sellerId());
    expect([used.length, tokenCalls()]).toEqual([2, 1]);
  });

  it.each(['closed', 'unlinked'] as const)('that Allegro refuses (%s) asks for a new consent, once, and says so in the log', async (end) => {
    world.sandbox.revokeTokens(sellerId(), end);
    const outcomes = await Promise.allSettled([whoIs(first), whoIs(second), whoIs(first)]);
    expect(outcomes.map((one) => (one.status === 'rejected' ? (one.reason as { code: string }).code : one.value))).toEqual(Array(3).fill('TOKEN_NEEDS_REAUTH'));
    expect(await row()).toMatchObject({ state: 'needs_reauth' });
    expect(await events()).toEqual(['account.linked', 'account.lead_changed', 'account.needs_reauth']);
    expect(tokenCalls()).toBe(1);
    await expect(whoIs(first)).rejects.toMatchObject({ code: 'TOKEN_NEEDS_REAUTH', status: 409 });
    expect(tokenCalls()).toBe(1);
  });

  it('with which Allegro is satisfied but whose fresh token it refuses means the consent is gone', async () => {
    const call = first.app.get(Tokens).withAccessToken(tokenId, async () => Promise.reject(new AllegroProblem({ kind: 'unauthorized', blame: 'account', detail: '401' })));
    await expect(call).rejects.toMatchObject({ code: 'TOKEN_NEEDS_REAUTH' });
    expect([tokenCalls(), (await row())['state']]).toEqual([1, 'needs_reauth']);
  });

  it.each(['unavailable', 'throttled', 'malformed', 'forbidden'] as const)('never blames the seller for an answer that is %s, waits longer each time, and works at the heal', async (kind) => {
    await passTime('expires_at');
    intercept(first, () => async () => Promise.reject(outage(kind)));
    for (const failures of [1, 2, 3]) {
      await expect(whoIs(first)).rejects.toMatchObject({ kind });
      expect(await row()).toMatchObject({ state: 'active', generation: '1', refresh_failures: failures, lease_id: null });
      await expect(whoIs(first)).rejects.toMatchObject({ code: 'TOKEN_REFRESH_POSTPONED', status: 503 });
      await passTime('retry_at');
    }
    heal();
    expect(await whoIs(second)).toBe(sellerId());
    expect(await row()).toMatchObject({ generation: '2', refresh_failures: 0, retry_at: null });
  });

  it('whose answer was lost is repeated with the old refresh token by itself, and one pair lives', async () => {
    intercept(first, (real) => async (refreshToken) => {
      await real(refreshToken);
      throw outage('unavailable');
    });
    const before = counted();
    await expect(first.app.get(Tokens).refresh(tokenId)).rejects.toMatchObject({ kind: 'unavailable' });
    await passTime('retry_at');
    await second.app.get(UnfinishedRefreshes).turn();
    expect(await row()).toMatchObject({ state: 'active', generation: '2', retry_at: null });
    expect(counted()).toEqual({ spends: before.spends + 1, repeats: before.repeats + 1 });
    expect(await whoIs(first)).toBe(sellerId());
  });

  it('of a process that answers late never overwrites the pair another process stored after it', async () => {
    const gate = Promise.withResolvers<undefined>();
    intercept(first, (real) => async (refreshToken) => {
      const answer = await real(refreshToken);
      await gate.promise;
      return answer;
    });
    const late = first.app.get(Tokens).refresh(tokenId);
    await eventually('the first process has its answer', () => tokenCalls() === 1);
    world.sandbox.advanceClock(2_000);
    await passTime('lease_until');
    await second.app.get(Tokens).refresh(tokenId);
    gate.resolve(undefined);
    await late;
    expect(await row()).toMatchObject({ state: 'active', generation: '2' });
    expect(await whoIs(first)).toBe(sellerId());
    expect(tokenCalls()).toBe(2);
  });

  it('of a process that asked late is kept when its pair is the newer one', async () => {
    const gate = Promise.withResolvers<undefined>();
    intercept(first, (real) => async (refreshToken) => {
      await gate.promise;
      return real(refreshToken);
    });
    const late = first.app.get(Tokens).refresh(tokenId);
    await eventually('the first process holds the lease', async () => (await row())['lease_id']);
    await passTime('lease_until');
    await second.app.get(Tokens).refresh(tokenId);
    world.sandbox.advanceClock(2_000);
    gate.resolve(undefined);
    await late;
    expect(await row()).toMatchObject({ state: 'active', generation: '3' });
    expect(await whoIs(second)).toBe(sellerId());
    expect(tokenCalls()).toBe(2);
  });

  it('that is refused because another process was faster harms nobody', async () => {
    const gate = Promise.withResolvers<undefined>();
    intercept(first, (real) => async (refreshToken) => {
      await gate.promise;
      return real(refreshToken);
    });
    const late = first.app.get(Tokens).refresh(tokenId);
    await eventually('the first process holds the lease', async () => (await row())['lease_id']);
    await passTime('lease_until');
    await second.app.get(Tokens).refresh(tokenId);
    world.sandbox.advanceClock(GRACE_MS + 1_000);
    gate.resolve(undefined);
    await late;
    expect(await row()).toMatchObject({ state: 'active', generation: '2' });
    expect(await whoIs(first)).toBe(sellerId());
  });

  it('whose answer comes after the token was given up brings the account back', async () => {
    const gate = Promise.withResolvers<undefined>();
    intercept(first, (real) => async (refreshToken) => {
      const answer = await real(refreshToken);
      await gate.promise;
      return answer;
    });
    const late = first.app.get(Tokens).refresh(tokenId);
    await eventually('the first process has its answer', () => tokenCalls() === 1);
    world.sandbox.advanceClock(GRACE_MS + 1_000);
    await passTime('lease_until');
    await expect(second.app.get(Tokens).refresh(tokenId)).rejects.toMatchObject({ code: 'TOKEN_NEEDS_REAUTH' });
    gate.resolve(undefined);
    await late;
    expect(await row()).toMatchObject({ state: 'active', generation: '2' });
    expect((await events()).slice(-2)).toEqual(['account.needs_reauth', 'account.recovered']);
    expect(await whoIs(second)).toBe(sellerId());
  });

  it('asked by a person answers with the token, and validation refreshes only when it must', async () => {
    const { rows } = await world.owner.query<{ tenant_id: string }>('select tenant_id from tokens where id = $1', [tokenId]);
    const tenant = rows[0]?.tenant_id ?? '';
    const valid = await first.call('POST', `/tokens/${tokenId}/validate`, { tenant });
    expect([valid.status, tokenCalls()]).toEqual([200, 0]);
    const refreshed = await first.call('POST', `/tokens/${tokenId}/refresh`, { tenant });
    expect([refreshed.status, tokenCalls()]).toEqual([200, 1]);
    expect(refreshed.body).toMatchObject({ id: tokenId, is_active: true, refreshed_at: expect.any(String) });
    world.sandbox.revokeTokens(sellerId());
    const gone = await first.call('POST', `/tokens/${tokenId}/validate`, { tenant });
    expect([gone.status, gone.body['code']]).toEqual([409, 'TOKEN_NEEDS_REAUTH']);
    expect((await first.call('GET', `/tokens/${tokenId}`, { tenant })).body).toMatchObject({ state: 'needs_reauth', is_active: false });
  });

  it('never happens for a token of Allegro\'s other environment', async () => {
    await world.owner.query(`update tokens set environment = 'production' where id = $1`, [tokenId]);
    await expect(whoIs(first)).rejects.toMatchObject({ code: 'WRONG_ENVIRONMENT' });
    expect(world.sandbox.stats().requests).toBe(0);
  });
});
