import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Tasks } from '../../src/platform/jobs/tasks.service.js';
import { SellerLookup } from '../../src/tokens/seller-lookup.service.js';
import { Tokens } from '../../src/tokens/tokens.service.js';
import { type Answer, type Json, Service } from '../support/service.js';
import { type TokenWorld, tokenWorld } from '../support/token-app.js';

/** A poll comes each second at most, and a link is several of them; twenty times that on a busy machine. */
jest.setTimeout(60_000);

describe('linking an account again', () => {
  let world: TokenWorld;
  let app: Service;
  let tenant: string;

  beforeAll(async () => {
    world = await tokenWorld();
    app = await Service.start(world, { role: 'all' });
  });

  beforeEach(() => {
    tenant = `tenant-${crypto.randomUUID()}`;
  });

  afterAll(async () => {
    await app.stop();
    await world.release();
  });

  const begin = async (): Promise<Answer> => app.request('POST', '/tokens/auth/initialize', { tenant, body: { account_name: 'Shop' } });
  const seller = (index: number): string => world.sandbox.sellers()[index]?.id ?? '';
  const token = async (id: unknown): Promise<Json> => (await app.request('GET', `/tokens/${String(id)}`, { tenant })).body;
  const events = async (accountId: unknown): Promise<string[]> => {
    const { rows } = await world.owner.query<{ type: string }>('select type from event_log.order_events where account_id = $1 order by version', [accountId]);
    return rows.map(({ type }) => type);
  };
  const needConsent = async (tokenId: unknown): Promise<void> => {
    world.sandbox.revokeTokens(seller(0));
    await app.request('POST', `/tokens/${String(tokenId)}/refresh`, { tenant });
    expect(await token(tokenId)).toMatchObject({ state: 'needs_reauth' });
  };
  const linked = async (name: string, index: number): Promise<Json> => (await app.link(name, seller(index), tenant))['result'] as Json;

  it('brings the same token of the same account back to work', async () => {
    const before = await linked('Shop', 0);
    await needConsent(before['token_id']);
    const after = await linked('Shop', 0);
    expect(after).toMatchObject({ token_id: before['token_id'], account_id: before['account_id'], relinked: true });
    expect(await token(before['token_id'])).toMatchObject({ state: 'active', is_active: true, is_leader: true });
    expect((await events(before['account_id'])).slice(-2)).toEqual(['account.needs_reauth', 'account.recovered']);
    const call = app.app.get(Tokens).withAccessToken(String(before['token_id']), async (access) => app.app.get(SellerLookup).whoIs(access, 'test'));
    await expect(call).resolves.toMatchObject({ id: seller(0) });
  });

  it('of several begun at once exactly one goes on', async () => {
    const before = await linked('Shop', 0);
    await needConsent(before['token_id']);
    const answers = await Promise.all(Array.from({ length: 5 }, async () => begin()));
    expect(answers.map((one) => one.status).toSorted()).toEqual([200, 409, 409, 409, 409]);
  });

  it('as another seller is refused and changes nothing', async () => {
    const before = await linked('Shop', 0);
    await needConsent(before['token_id']);
    const { rows: sealed } = await world.owner.query('select access_sealed, generation from tokens where id = $1', [before['token_id']]);
    const end = await app.link('Shop', seller(1), tenant);
    expect(end).toMatchObject({ status: 'FAILURE', result: { error: 'ACCOUNT_MISMATCH', conflicts: 1 } });
    expect(await token(before['token_id'])).toMatchObject({ state: 'needs_reauth', allegro_user_id: seller(0) });
    expect((await world.owner.query('select access_sealed, generation from tokens where id = $1', [before['token_id']])).rows).toEqual(sealed);
    expect((await linked('Shop', 0))['token_id']).toBe(before['token_id']);
  });

  it('after a deletion continues the account under a new token, and the old id still answers', async () => {
    const before = await linked('Shop', 0);
    await app.request('DELETE', `/tokens/${String(before['token_id'])}`, { tenant });
    const other = await app.link('Shop', seller(1), tenant);
    expect(other).toMatchObject({ status: 'FAILURE', result: { error: 'ACCOUNT_MISMATCH' } });
    const after = await linked('Shop', 0);
    expect(after).toMatchObject({ account_id: before['account_id'], relinked: true, duplicates: 0 });
    expect(after['token_id']).not.toBe(before['token_id']);
    expect(await token(before['token_id'])).toMatchObject({ state: 'deactivated', account_id: before['account_id'] });
    expect(await token(after['token_id'])).toMatchObject({ is_leader: true });
  });

  it('under a second name the same seller has a second token that stands by', async () => {
    const leader = await linked('Shop', 0);
    const second = await linked('The same shop', 0);
    expect(second).toMatchObject({ account_id: leader['account_id'], duplicates: 1 });
    expect([(await token(leader['token_id']))['is_leader'], (await token(second['token_id']))['is_leader']]).toEqual([true, false]);
  });

  it('is stopped when the token was deleted while consent was awaited', async () => {
    const before = await linked('Shop', 0);
    await needConsent(before['token_id']);
    const { body: device } = await begin();
    await app.request('DELETE', `/tokens/${String(before['token_id'])}`, { tenant });
    world.sandbox.approve(String(device['user_code']), seller(0));
    expect(await app.linkEnd(String(device['task_id']), tenant)).toMatchObject({ status: 'FAILURE', result: { error: 'LINK_CANCELLED' } });
    expect(await token(before['token_id'])).toMatchObject({ state: 'deactivated' });
  });

  it('is held back when too many links of one tenant wait at once; others go on', async () => {
    await begin();
    await world.owner.query(
      `with t as (insert into tokens (id, tenant_id, environment, account_name, state) select gen_random_uuid(), $1, 'sandbox', 'n' || n, 'linking' from generate_series(2, 250) n returning id),
       k as (insert into tasks (tenant_id, token_id, queue_key, task_type, description, due_at)
         select $1, id, id::text, 'link_account', 'waits', now() + interval '1 hour' from t returning id, token_id)
       insert into device_authorizations (id, tenant_id, token_id, account_name, task_id, device_hash, status, interval_seconds, expires_at)
         select gen_random_uuid(), $1, token_id, 'n', id, 'x', 'pending', 5, now() + interval '1 hour' from k`,
      [tenant],
    );
    const held = await app.request('POST', '/tokens/auth/initialize', { tenant, body: { account_name: 'One more' } });
    expect([held.status, held.body['code']]).toEqual([429, 'TOO_MANY_LINKS']);
    expect((await app.request('POST', '/tokens/auth/initialize', { tenant: `${tenant}-b`, body: { account_name: 'One more' } })).status).toBe(200);
  });

  it('holds its name while consent is awaited; of several begun at once exactly one goes on', async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, async () => begin()));
    expect(answers.map((one) => one.status).toSorted()).toEqual([200, 409, 409, 409, 409]);
    expect(answers.find((one) => one.status === 409)?.body['code']).toBe('LINK_IN_PROGRESS');
    const device = answers.find((one) => one.status === 200)?.body ?? {};
    await app.app.get(Tasks).revoke(String(device['task_id']));
    expect((await begin()).status).toBe(200);
  });
});
