import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AllegroProblem } from '../../src/allegro/allegro.errors.js';
import { UnfinishedRefreshes } from '../../src/tokens/unfinished-refreshes.service.js';
import { eventually } from '../support/eventually.js';
import { RefreshStage } from '../support/refresh-stage.js';

const GRACE_MS = 60_000;

describe('a refresh', () => {
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

  it('whose answer was lost is repeated with the old refresh token by itself, and one pair lives', async () => {
    stage.intercept(stage.first, (real) => async (refreshToken) => {
      await real(refreshToken);
      throw new AllegroProblem({ kind: 'unavailable', blame: 'allegro', detail: 'an outage' });
    });
    const before = stage.spent();
    await expect(stage.refresh(stage.first)).rejects.toMatchObject({ kind: 'unavailable' });
    await stage.passTime('retry_at');
    await stage.second.app.get(UnfinishedRefreshes).turn();
    expect(await stage.row()).toMatchObject({ state: 'active', generation: '2', retry_at: null });
    expect(stage.spent()).toEqual({ spends: before.spends + 1, repeats: before.repeats + 1 });
    expect(await stage.whoIs(stage.first)).toBe(stage.sellerId);
  });

  it('of a process that answers late never overwrites the pair another process stored after it', async () => {
    const gate = Promise.withResolvers<undefined>();
    stage.intercept(stage.first, (real) => async (refreshToken) => {
      const answer = await real(refreshToken);
      await gate.promise;
      return answer;
    });
    const late = stage.refresh(stage.first);
    await eventually('the first process has its answer', () => stage.tokenCalls() === 1);
    stage.world.sandbox.advanceClock(2_000);
    await stage.passTime('lease_until');
    await stage.refresh(stage.second);
    gate.resolve(undefined);
    await late;
    expect(await stage.row()).toMatchObject({ state: 'active', generation: '2' });
    expect(await stage.whoIs(stage.first)).toBe(stage.sellerId);
    expect(stage.tokenCalls()).toBe(2);
  });

  it('of a process that asked late is kept when its pair is the newer one', async () => {
    const gate = Promise.withResolvers<undefined>();
    stage.intercept(stage.first, (real) => async (refreshToken) => {
      await gate.promise;
      return real(refreshToken);
    });
    const late = stage.refresh(stage.first);
    await eventually('the first process holds the lease', async () => (await stage.row())['lease_id']);
    await stage.passTime('lease_until');
    await stage.refresh(stage.second);
    stage.world.sandbox.advanceClock(2_000);
    gate.resolve(undefined);
    await late;
    expect(await stage.row()).toMatchObject({ state: 'active', generation: '3' });
    expect(await stage.whoIs(stage.second)).toBe(stage.sellerId);
    expect(stage.tokenCalls()).toBe(2);
  });

  it('that is refused because another process was faster harms nobody', async () => {
    const gate = Promise.withResolvers<undefined>();
    stage.intercept(stage.first, (real) => async (refreshToken) => {
      await gate.promise;
      return real(refreshToken);
    });
    const late = stage.refresh(stage.first);
    await eventually('the first process holds the lease', async () => (await stage.row())['lease_id']);
    await stage.passTime('lease_until');
    await stage.refresh(stage.second);
    stage.world.sandbox.advanceClock(GRACE_MS + 1_000);
    gate.resolve(undefined);
    await late;
    expect(await stage.row()).toMatchObject({ state: 'active', generation: '2' });
    expect(await stage.whoIs(stage.first)).toBe(stage.sellerId);
  });

  it('whose answer comes after the token was given up brings the account back', async () => {
    const gate = Promise.withResolvers<undefined>();
    stage.intercept(stage.first, (real) => async (refreshToken) => {
      const answer = await real(refreshToken);
      await gate.promise;
      return answer;
    });
    const late = stage.refresh(stage.first);
    await eventually('the first process has its answer', () => stage.tokenCalls() === 1);
    stage.world.sandbox.advanceClock(GRACE_MS + 1_000);
    await stage.passTime('lease_until');
    await expect(stage.refresh(stage.second)).rejects.toMatchObject({ code: 'TOKEN_NEEDS_REAUTH' });
    gate.resolve(undefined);
    await late;
    expect(await stage.row()).toMatchObject({ state: 'active', generation: '2' });
    expect((await stage.events()).slice(-2)).toEqual(['account.needs_reauth', 'account.recovered']);
    expect(await stage.whoIs(stage.second)).toBe(stage.sellerId);
  });
});
