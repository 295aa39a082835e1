import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { AllegroAuthClient } from '../../src/allegro/allegro-auth.client.js';
import { AllegroOrdersClient } from '../../src/allegro/allegro-orders.client.js';
import { AllegroProblem } from '../../src/allegro/allegro.errors.js';
import { Tasks } from '../../src/platform/jobs/tasks.service.js';
import { SellerLookup } from '../../src/tokens/seller-lookup.service.js';
import { Tokens } from '../../src/tokens/tokens.service.js';
import { eventually } from '../support/eventually.js';
import { type Answer, type Json, TokenApp, type TokenWorld, tokenWorld } from '../support/token-app.js';

/** A poll comes each second at most, and a link is several of them; twenty times that on a busy machine. */
jest.setTimeout(60_000);

const outage = new AllegroProblem({ kind: 'unavailable', blame: 'allegro', detail: 'an outage' });

describe('linking an account by device code', () => {
  let world: TokenWorld;
  let app: TokenApp;
  let tenant: string;

  beforeAll(async () => {
    world = await tokenWorld();
    app = await TokenApp.start(world, 'all');
  });

  beforeEach(() => {
    tenant = `tenant-${crypto.randomUUID()}`;
  });

  afterEach(async () => {
    // What a test leaves waiting would go on polling beside the next one.
    await world.owner.query(`update tasks set status = 'REVOKED', finished_at = now() where status in ('PENDING', 'STARTED')`);
    Reflect.deleteProperty(app.app.get(AllegroAuthClient), 'pollDeviceToken');
    Reflect.deleteProperty(app.app.get(AllegroOrdersClient), 'me');
  });

  afterAll(async () => {
    await app.stop();
    await world.release();
  });

  const seller = (index: number): string => world.sandbox.sellers()[index]?.id ?? '';
  const begin = async (name: string, by = tenant): Promise<Answer> => app.call('POST', '/tokens/auth/initialize', { tenant: by, body: { account_name: name } });
  const status = async (device: Json, by = tenant): Promise<Answer> =>
    app.call('POST', '/tokens/auth/status', { tenant: by, body: { device_code: device['device_code'], account_name: 'Shop' } });
  const token = async (id: unknown): Promise<Json> => (await app.call('GET', `/tokens/${String(id)}`, { tenant })).body;
  const polls = async (device: Json): Promise<number> => {
    const { rows } = await world.owner.query<{ polls: number }>('select polls from device_authorizations where task_id = $1', [device['task_id']]);
    return rows[0]?.polls ?? 0;
  };
  const events = async (accountId: unknown): Promise<string[]> => {
    const { rows } = await world.owner.query<{ type: string }>('select type from event_log.order_events where account_id = $1 order by version', [accountId]);
    return rows.map(({ type }) => type);
  };

  it('answers what the contract says, waits for consent and ends with the seller\'s account', async () => {
    const { status: code, body: device } = await begin('Shop');
    expect(code).toBe(200);
    expect(device).toEqual({
      device_code: expect.any(String), user_code: expect.any(String), verification_uri: expect.any(String), verification_uri_complete: expect.any(String),
      expires_in: 3_600, interval: 1, task_id: expect.any(String),
    });
    expect((await status(device)).body).toMatchObject({ status: 'pending', message: expect.any(String) });
    expect((await app.call('GET', `/tokens/auth/task/${String(device['task_id'])}`, { tenant })).body).toMatchObject({
      task_id: device['task_id'], result: null, progress: { status: 'pending', account_name: 'Shop' },
    });
    expect((await app.call('GET', '/tokens?active_only=false', { tenant })).body['total']).toBe(0);
    await eventually('Allegro was asked while consent is awaited', async () => (await polls(device)) >= 1);
    world.sandbox.approve(String(device['user_code']), seller(0));
    const end = await app.linkEnd(String(device['task_id']), tenant);
    expect(end).toMatchObject({ status: 'SUCCESS', progress: null, result: { allegro_user_id: seller(0), relinked: false, duplicates: 0, conflicts: 0 } });
    const result = end['result'] as Json;
    expect(await token(result['token_id'])).toMatchObject({ account_name: 'Shop', state: 'active', login: result['login'], is_leader: true });
    expect((await status(device)).body['status']).toBe('completed');
    expect(await events(result['account_id'])).toEqual(['account.linked', 'account.lead_changed']);
  });

  it('status and task answer from what is stored, without asking Allegro', async () => {
    const { body: device } = await begin('Shop');
    const asked = async (): Promise<number> => polls(device);
    await app.app.get(Tasks).revoke(String(device['task_id']));
    const [before, requests] = [await asked(), world.sandbox.stats().requests];
    for (let times = 0; times < 5; times += 1) expect((await status(device)).body['status']).toBe('failed');
    expect([await asked(), world.sandbox.stats().requests]).toEqual([before, requests]);
  });

  it('another tenant finds neither the code nor the task', async () => {
    const { body: device } = await begin('Shop');
    expect((await status(device, 'somebody-else')).body['code']).toBe('DEVICE_CODE_NOT_FOUND');
    expect((await app.call('GET', `/tokens/auth/task/${String(device['task_id'])}`, { tenant: 'somebody-else' })).status).toBe(404);
    expect((await app.call('GET', '/tokens/auth/task/no-uuid', { tenant })).status).toBe(404);
  });

  it('ends when the seller refuses, and the name is free again', async () => {
    const { body: device } = await begin('Shop');
    world.sandbox.deny(String(device['user_code']));
    expect(await app.linkEnd(String(device['task_id']), tenant)).toMatchObject({ status: 'FAILURE', result: { error: 'CONSENT_DENIED' } });
    expect((await status(device)).body['status']).toBe('failed');
    expect((await begin('Shop')).status).toBe(200);
  });

  it('ends when the time for consent ran out', async () => {
    const { body: device } = await begin('Shop');
    await world.owner.query(`update device_authorizations set expires_at = now() - interval '1 second' where task_id = $1`, [device['task_id']]);
    expect((await status(device)).body['status']).toBe('expired');
    expect(await app.linkEnd(String(device['task_id']), tenant)).toMatchObject({ status: 'FAILURE', result: { error: 'DEVICE_CODE_EXPIRED', status: 'expired' } });
    expect((await status(device)).body['status']).toBe('expired');
  });

  it('polls more slowly when Allegro says so', async () => {
    const auth = app.app.get(AllegroAuthClient);
    const told = new Set<string>();
    auth.pollDeviceToken = async (code) => {
      const first = !told.has(code.reveal());
      told.add(code.reveal());
      return { kind: first ? 'slow_down' : 'pending' };
    };
    const { body: device } = await begin('Shop');
    await eventually('the interval grew', async () => {
      const { body } = await app.call('GET', `/tokens/auth/task/${String(device['task_id'])}`, { tenant });
      return (body['progress'] as Json | null)?.['interval'] === 6;
    });
  });

  it('ends clearly when the answer with the tokens was lost: a code gives them once', async () => {
    const auth = app.app.get(AllegroAuthClient);
    auth.pollDeviceToken = async (code) => {
      const answer = await AllegroAuthClient.prototype.pollDeviceToken.call(auth, code);
      if (answer.kind === 'tokens') throw outage;
      return answer;
    };
    const { body: device } = await begin('Shop');
    world.sandbox.approve(String(device['user_code']), seller(0));
    expect(await app.linkEnd(String(device['task_id']), tenant)).toMatchObject({ status: 'FAILURE', result: { error: 'DEVICE_CODE_INVALID' } });
    Reflect.deleteProperty(auth, 'pollDeviceToken');
    expect(await app.link('Shop', seller(0), tenant)).toMatchObject({ status: 'SUCCESS' });
  });

  it('outlasts an outage while consent is awaited and while the identity is asked for: the pair is stored before', async () => {
    const auth = app.app.get(AllegroAuthClient);
    let failures = 0;
    auth.pollDeviceToken = async (code) => {
      if ((failures += 1) <= 2) throw outage;
      return AllegroAuthClient.prototype.pollDeviceToken.call(auth, code);
    };
    const orders = app.app.get(AllegroOrdersClient);
    orders.me = async () => Promise.reject(outage);
    const { body: device } = await begin('Shop');
    world.sandbox.approve(String(device['user_code']), seller(0));
    await eventually('the pair is stored', async () => {
      const { rows } = await world.owner.query('select 1 from device_authorizations where task_id = $1 and status = $2 and access_sealed is not null', [device['task_id'], 'granted']);
      return rows.length === 1;
    });
    expect((await status(device)).body['status']).toBe('pending');
    Reflect.deleteProperty(orders, 'me');
    await eventually('the task waits to ask again', async () => {
      const { rowCount } = await world.owner.query(`update tasks set due_at = now() where id = $1 and status = 'PENDING'`, [device['task_id']]);
      return rowCount === 1;
    });
    expect(await app.linkEnd(String(device['task_id']), tenant)).toMatchObject({ status: 'SUCCESS' });
    const { rows } = await world.owner.query('select access_sealed, refresh_sealed, device_sealed from device_authorizations where task_id = $1', [device['task_id']]);
    expect(rows).toEqual([{ access_sealed: null, refresh_sealed: null, device_sealed: null }]);
  });

  it('goes on after a restart of the process between two polls', async () => {
    const { body: device } = await begin('Shop');
    await eventually('it was polled', async () => (await polls(device)) >= 1);
    await app.stop();
    app = await TokenApp.start(world, 'all');
    world.sandbox.approve(String(device['user_code']), seller(0));
    expect(await app.linkEnd(String(device['task_id']), tenant)).toMatchObject({ status: 'SUCCESS' });
  });

  it('holds its name while consent is awaited; of several begun at once exactly one goes on', async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, async () => begin('Shop')));
    expect(answers.map((one) => one.status).toSorted()).toEqual([200, 409, 409, 409, 409]);
    expect(answers.find((one) => one.status === 409)?.body['code']).toBe('LINK_IN_PROGRESS');
    const device = answers.find((one) => one.status === 200)?.body ?? {};
    await app.app.get(Tasks).revoke(String(device['task_id']));
    expect((await begin('Shop')).status).toBe(200);
  });

  it('leaves the name free when Allegro cannot be asked for a code', async () => {
    const auth = app.app.get(AllegroAuthClient);
    auth.requestDeviceCode = async () => Promise.reject(outage);
    expect((await begin('Shop')).status).toBe(503);
    Reflect.deleteProperty(auth, 'requestDeviceCode');
    expect((await begin('Shop')).status).toBe(200);
  });

  describe('again', () => {
    const needConsent = async (tokenId: unknown): Promise<void> => {
      world.sandbox.revokeTokens(seller(0));
      await app.call('POST', `/tokens/${String(tokenId)}/refresh`, { tenant });
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
      await app.call('DELETE', `/tokens/${String(before['token_id'])}`, { tenant });
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
      const { body: device } = await begin('Shop');
      await app.call('DELETE', `/tokens/${String(before['token_id'])}`, { tenant });
      world.sandbox.approve(String(device['user_code']), seller(0));
      expect(await app.linkEnd(String(device['task_id']), tenant)).toMatchObject({ status: 'FAILURE', result: { error: 'LINK_CANCELLED' } });
      expect(await token(before['token_id'])).toMatchObject({ state: 'deactivated' });
    });
  });
});
