import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AllegroProblem } from '../../src/allegro/allegro.errors.js';
import { SellerLookup } from '../../src/tokens/seller-lookup.service.js';
import { Tokens } from '../../src/tokens/tokens.service.js';
import { UnfinishedRefreshes } from '../../src/tokens/unfinished-refreshes.service.js';
import { RefreshStage } from '../support/refresh-stage.js';

describe('refreshing a token', () => {
  let stage: RefreshStage;

  beforeAll(async () => {
    stage = await RefreshStage.open();
  });

  beforeEach(async () => {
    await stage.newToken();
  });

  afterAll(async () => {
    await stage.close();
  });

  const outage = (kind: 'unavailable' | 'throttled' | 'malformed' | 'forbidden'): AllegroProblem =>
    new AllegroProblem({ kind, blame: 'allegro', detail: 'an outage' });

  it('is not done while the access token is good', async () => {
    expect(await stage.whoIs(stage.first)).toBe(stage.sellerId);
    expect(stage.tokenCalls()).toBe(0);
  });

  it('is done once when forty calls of two processes meet an expired token', async () => {
    await stage.passTime('expires_at');
    const calls = Array.from({ length: 40 }, async (_, index) => stage.whoIs(index % 2 === 0 ? stage.first : stage.second));
    expect(new Set(await Promise.all(calls))).toEqual(new Set([stage.sellerId]));
    expect(stage.tokenCalls()).toBe(1);
    expect(await stage.row()).toMatchObject({ generation: '2', lease_id: null });
  });

  it('happens after a 401 although the token should be good, and the call is repeated', async () => {
    stage.world.sandbox.expireTokens();
    expect(await stage.whoIs(stage.first)).toBe(stage.sellerId);
    expect(stage.tokenCalls()).toBe(1);
  });

  it('is spared when the row has a newer pair than the one that was refused', async () => {
    const used: string[] = [];
    const seen = await stage.first.app.get(Tokens).withAccessToken(stage.tokenId, async (token) => {
      used.push(token.reveal());
      if (used.length === 1) await stage.refresh(stage.second);
      return (await stage.first.app.get(SellerLookup).whoIs(token, 'test')).id;
    });
    expect(seen).toBe(stage.sellerId);
    expect([used.length, stage.tokenCalls()]).toEqual([2, 1]);
  });

  it.each(['closed', 'unlinked'] as const)('that Allegro refuses (%s) asks for a new consent, once, and says so in the log', async (end) => {
    stage.world.sandbox.revokeTokens(stage.sellerId, end);
    const outcomes = await Promise.allSettled([stage.whoIs(stage.first), stage.whoIs(stage.second), stage.whoIs(stage.first)]);
    expect(outcomes.map((one) => (one.status === 'rejected' ? (one.reason as { code: string }).code : one.value))).toEqual(Array(3).fill('TOKEN_NEEDS_REAUTH'));
    expect(await stage.row()).toMatchObject({ state: 'needs_reauth' });
    expect(await stage.events()).toEqual(['account.linked', 'account.lead_changed', 'account.needs_reauth']);
    expect(stage.tokenCalls()).toBe(1);
    await expect(stage.whoIs(stage.first)).rejects.toMatchObject({ code: 'TOKEN_NEEDS_REAUTH', status: 409 });
    expect(stage.tokenCalls()).toBe(1);
  });

  it('with which Allegro is satisfied but whose fresh token it refuses means the consent is gone', async () => {
    const call = stage.first.app
      .get(Tokens)
      .withAccessToken(stage.tokenId, async () => Promise.reject(new AllegroProblem({ kind: 'unauthorized', blame: 'account', detail: '401' })));
    await expect(call).rejects.toMatchObject({ code: 'TOKEN_NEEDS_REAUTH' });
    expect([stage.tokenCalls(), (await stage.row())['state']]).toEqual([1, 'needs_reauth']);
  });

  it.each(['unavailable', 'throttled', 'malformed', 'forbidden'] as const)(
    'never blames the seller for an answer that is %s, waits longer each time, and works at the heal',
    async (kind) => {
      await stage.passTime('expires_at');
      stage.intercept(stage.first, () => async () => Promise.reject(outage(kind)));
      for (const failures of [1, 2, 3]) {
        await expect(stage.whoIs(stage.first)).rejects.toMatchObject({ kind });
        expect(await stage.row()).toMatchObject({ state: 'active', generation: '1', refresh_failures: failures, lease_id: null });
        await expect(stage.whoIs(stage.first)).rejects.toMatchObject({ code: 'TOKEN_REFRESH_POSTPONED', status: 503 });
        await stage.passTime('retry_at');
      }
      stage.heal();
      expect(await stage.whoIs(stage.second)).toBe(stage.sellerId);
      expect(await stage.row()).toMatchObject({ generation: '2', refresh_failures: 0, retry_at: null });
    },
  );

  it('asked by a person answers with the token, and validation refreshes only when it must', async () => {
    const { tenant } = stage;
    const valid = await stage.first.request('POST', `/tokens/${stage.tokenId}/validate`, { tenant });
    expect([valid.status, stage.tokenCalls()]).toEqual([200, 0]);
    const refreshed = await stage.first.request('POST', `/tokens/${stage.tokenId}/refresh`, { tenant });
    expect([refreshed.status, stage.tokenCalls()]).toEqual([200, 1]);
    expect(refreshed.body).toMatchObject({ id: stage.tokenId, is_active: true, refreshed_at: expect.any(String) });
    stage.world.sandbox.revokeTokens(stage.sellerId);
    const gone = await stage.first.request('POST', `/tokens/${stage.tokenId}/validate`, { tenant });
    expect([gone.status, gone.body['code']]).toEqual([409, 'TOKEN_NEEDS_REAUTH']);
    expect((await stage.first.request('GET', `/tokens/${stage.tokenId}`, { tenant })).body).toMatchObject({ state: 'needs_reauth', is_active: false });
  });

  it("never happens for a token of Allegro's other environment", async () => {
    await stage.world.owner.query(`update tokens set environment = 'production', lease_id = gen_random_uuid(), lease_until = now() where id = $1`, [
      stage.tokenId,
    ]);
    await stage.first.app.get(UnfinishedRefreshes).turn();
    await expect(stage.whoIs(stage.first)).rejects.toMatchObject({ code: 'WRONG_ENVIRONMENT' });
    expect(stage.world.sandbox.stats().requests).toBe(0);
  });
});
