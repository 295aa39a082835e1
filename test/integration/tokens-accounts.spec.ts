import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { TenantScope } from '../../src/platform/http/access/tenant-scope.js';
import { query } from '../../src/platform/database/transaction.js';
import { Leaders } from '../../src/tokens/leaders.service.js';
import { TokenAccounts } from '../../src/tokens/token-accounts.service.js';
import { type AppliedChange, TokenStateListeners } from '../../src/tokens/token-state-listeners.service.js';
import { Tokens } from '../../src/tokens/tokens.service.js';
import { type Json, Service } from '../support/service.js';
import { freshPair, type TokenWorld, tokenWorld } from '../support/token-app.js';

describe('the tokens of one account', () => {
  let world: TokenWorld;
  let app: Service;
  let tenant: string;
  const heard: AppliedChange[] = [];
  let veto: string | null = null;

  beforeAll(async () => {
    world = await tokenWorld();
    app = await Service.start(world);
    app.app.get(TokenStateListeners).register({
      async onTokenChange(tx, change) {
        await query(tx, 'select 1 from accounts where id = $1', [change.accountId]);
        if (veto === change.tokenId) throw new Error('vetoed');
        heard.push(change);
      },
    });
  });

  beforeEach(() => {
    tenant = `tenant-${crypto.randomUUID()}`;
    heard.length = 0;
    veto = null;
  });

  afterAll(async () => {
    await app.stop();
    await world.release();
  });

  const seller = (index: number): string => world.sandbox.sellers()[index]?.id ?? '';
  const token = async (id: string): Promise<Json> => (await app.request('GET', `/tokens/${id}`, { tenant })).body;
  const put = async (id: string, body: Json) => app.request('PUT', `/tokens/${id}`, { tenant, body });
  const threeTokens = async (): Promise<[string, string, string]> => [
    await app.import('One', seller(0), tenant),
    await app.import('Two', seller(0), tenant),
    await app.import('Three', seller(0), tenant),
  ];
  const accountOf = async (id: string): Promise<string> => String((await token(id))['account_id']);
  const leaderOf = async (id: string): Promise<string | null> => app.app.get(Leaders).leaderOf(await accountOf(id));
  const events = async (accountId: string): Promise<{ type: string; payload: Json }[]> => {
    const { rows } = await world.owner.query<{ type: string; payload: Json }>(
      'select type, payload from event_log.order_events where account_id = $1 order by version',
      [accountId],
    );
    return rows;
  };

  it('share one account, and the first of them leads', async () => {
    const ids = await threeTokens();
    const accounts = await Promise.all(ids.map(accountOf));
    expect(new Set(accounts).size).toBe(1);
    expect(await leaderOf(ids[0])).toBe(ids[0]);
  });

  it('hand the lead over when the leader is deleted or switched off, with an event each time', async () => {
    const [one, two, three] = await threeTokens();
    heard.length = 0;
    expect(await app.request('DELETE', `/tokens/${one}`, { tenant })).toMatchObject({ status: 200, body: { token_id: one, message: expect.any(String) } });
    expect(await leaderOf(three)).toBe(two);
    await put(two, { is_active: false });
    expect(await leaderOf(three)).toBe(three);
    expect(heard.map(({ tokenId, to, leaderBefore, leaderAfter }) => [tokenId, to, leaderBefore, leaderAfter])).toEqual([
      [one, 'deactivated', one, two],
      [two, 'deactivated', two, three],
    ]);
    const moves = (await events(await accountOf(three))).filter(({ type }) => type === 'account.lead_changed').map(({ payload }) => payload['to_token_id']);
    expect(moves).toEqual([one, two, three]);
  });

  it('hand the lead over when the leader needs a new consent', async () => {
    const [one, two] = await threeTokens();
    world.sandbox.revokeTokens(seller(0));
    await expect(app.app.get(Tokens).refresh(one)).rejects.toMatchObject({ code: 'TOKEN_NEEDS_REAUTH' });
    expect(await leaderOf(one)).toBe(two);
  });

  it('keep a leader in name when none works, and lead nothing meanwhile', async () => {
    const one = await app.import('One', seller(1), tenant);
    await put(one, { is_active: false });
    expect(await leaderOf(one)).toBeNull();
    await put(one, { is_active: true });
    expect(await leaderOf(one)).toBe(one);
    expect((await events(await accountOf(one))).map(({ type }) => type)).toEqual([
      'account.linked',
      'account.lead_changed',
      'account.token_deactivated',
      'account.recovered',
    ]);
  });

  it('agree on one leader when all of them are switched at once', async () => {
    const ids = await threeTokens();
    const last = await app.import('Four', seller(0), tenant);
    const answers = await Promise.all(ids.map(async (id) => app.request('DELETE', `/tokens/${id}`, { tenant })));
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200]);
    expect(await leaderOf(last)).toBe(last);
  });

  it('change in one transaction with what listeners write: a listener that fails undoes the change', async () => {
    const one = await app.import('One', seller(1), tenant);
    veto = one;
    expect((await app.request('DELETE', `/tokens/${one}`, { tenant })).status).toBe(500);
    expect(await token(one)).toMatchObject({ state: 'active', is_leader: true });
    expect((await events(await accountOf(one))).map(({ type }) => type)).not.toContain('account.token_deactivated');
  });

  it('stay aliases of their account for reads after deletion, and refuse writes', async () => {
    const one = await app.import('One', seller(1), tenant);
    await app.request('DELETE', `/tokens/${one}`, { tenant });
    expect((await app.request('DELETE', `/tokens/${one}`, { tenant })).status).toBe(200);
    const scope: TenantScope = { tenantId: tenant, roles: new Set(['seller']), actor: tenant, acrossTenants: false, seesPersonalData: true };
    const accounts = app.app.get(TokenAccounts);
    expect(await accounts.resolveAccount(scope, one)).toMatchObject({ tokenId: one, allegroUserId: seller(1), state: 'deactivated' });
    await expect(accounts.resolveForWrite(scope, one)).rejects.toMatchObject({ code: 'TOKEN_DEACTIVATED', status: 409 });
    await expect(accounts.resolveAccount({ ...scope, tenantId: 'somebody-else' }, one)).rejects.toMatchObject({ code: 'TOKEN_NOT_FOUND', status: 404 });
    for (const action of ['refresh', 'validate']) {
      expect((await app.request('POST', `/tokens/${one}/${action}`, { tenant })).body['code']).toBe('TOKEN_DEACTIVATED');
    }
  });

  describe('changed by their owner', () => {
    it('take a new name, unless a live token has it', async () => {
      const [one, two] = await threeTokens();
      expect((await put(one, { account_name: 'Renamed' })).body).toMatchObject({ id: one, account_name: 'Renamed' });
      expect((await put(two, { account_name: 'Renamed' })).body['code']).toBe('ACCOUNT_NAME_TAKEN');
      const race = await Promise.all([put(two, { account_name: 'Wanted' }), put(one, { account_name: 'Wanted' })]);
      expect(race.map((answer) => answer.status).toSorted()).toEqual([200, 409]);
    });

    it('free their name when deleted, and want it back when switched on again', async () => {
      const one = await app.import('Shop', seller(0), tenant);
      await app.request('DELETE', `/tokens/${one}`, { tenant });
      const two = await app.import('Shop', seller(0), tenant);
      expect((await put(one, { is_active: true })).body['code']).toBe('ACCOUNT_NAME_TAKEN');
      expect((await put(one, { is_active: true, account_name: 'The old one' })).body).toMatchObject({ is_active: true, account_name: 'The old one' });
      expect(await accountOf(one)).toBe(await accountOf(two));
    });

    it('take a new pair of the same seller only', async () => {
      const one = await app.import('Shop', seller(0), tenant);
      const foreign = await put(one, { ...(await freshPair(world, seller(1))) });
      expect([foreign.status, foreign.body['code']]).toEqual([409, 'ACCOUNT_MISMATCH']);
      const own = await put(one, { ...(await freshPair(world, seller(0))) });
      expect(own.status).toBe(200);
      await app.app.get(Tokens).refresh(one);
      expect(await token(one)).toMatchObject({ is_active: true, allegro_user_id: seller(0) });
    });

    it('refuse half a pair, a mixed-up pair and a dead one', async () => {
      const one = await app.import('Shop', seller(0), tenant);
      const [mine, theirs] = [await freshPair(world, seller(0)), await freshPair(world, seller(1))];
      for (const body of [
        { refresh_token: mine.refresh_token },
        { allegro_token: mine.allegro_token },
        { allegro_token: mine.allegro_token, refresh_token: theirs.refresh_token },
        { allegro_token: 'dead', refresh_token: 'dead' },
      ]) {
        const answer = await put(one, body);
        expect([answer.status, answer.body['code']]).toEqual([422, 'TOKEN_REFUSED']);
      }
      expect((await put(one, { allegro_token: null })).body['code']).toBe('VALIDATION_FAILED');
    });

    it('come back from needing consent with a new pair, not by a switch', async () => {
      const one = await app.import('Shop', seller(2), tenant);
      world.sandbox.revokeTokens(seller(2));
      await app.request('POST', `/tokens/${one}/refresh`, { tenant });
      expect((await put(one, { is_active: true })).body['code']).toBe('TOKEN_NEEDS_REAUTH');
      expect((await put(one, { ...(await freshPair(world, seller(2))) })).body).toMatchObject({ state: 'active', is_active: true });
    });

    it('an import under the name of a token that needs consent reconnects it', async () => {
      const one = await app.import('Shop', seller(2), tenant);
      world.sandbox.revokeTokens(seller(2));
      await app.request('POST', `/tokens/${one}/refresh`, { tenant });
      const foreign = await app.request('POST', '/tokens', { tenant, body: { account_name: 'Shop', ...(await freshPair(world, seller(1))) } });
      expect(foreign.body['code']).toBe('ACCOUNT_MISMATCH');
      expect(await token(one)).toMatchObject({ state: 'needs_reauth' });
      expect(await app.import('Shop', seller(2), tenant)).toBe(one);
    });
  });
});
