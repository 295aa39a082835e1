import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { AllegroAuthClient } from '../../src/allegro/allegro-auth.client.js';
import { AllegroOrdersClient } from '../../src/allegro/allegro-orders.client.js';
import { AllegroProblem } from '../../src/allegro/allegro.errors.js';
import { Tasks } from '../../src/platform/jobs/tasks.service.js';
import { eventually } from '../support/eventually.js';
import { type Answer, type Json, Service } from '../support/service.js';
import { type TokenWorld, tokenWorld } from '../support/token-app.js';

/** A poll comes each second at most, and a link is several of them; twenty times that on a busy machine. */
jest.setTimeout(60_000);

const outage = new AllegroProblem({ kind: 'unavailable', blame: 'allegro', detail: 'an outage' });

describe('linking an account by device code', () => {
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
  const begin = async (name: string, by = tenant): Promise<Answer> =>
    app.request('POST', '/tokens/auth/initialize', { tenant: by, body: { account_name: name } });
  const status = async (device: Json, by = tenant): Promise<Answer> =>
    app.request('POST', '/tokens/auth/status', { tenant: by, body: { device_code: device['device_code'], account_name: 'Shop' } });
  const token = async (id: unknown): Promise<Json> => (await app.request('GET', `/tokens/${String(id)}`, { tenant })).body;
  const polls = async (device: Json): Promise<number> => {
    const { rows } = await world.owner.query<{ polls: number }>('select polls from device_authorizations where task_id = $1', [device['task_id']]);
    return rows[0]?.polls ?? 0;
  };
  const events = async (accountId: unknown): Promise<string[]> => {
    const { rows } = await world.owner.query<{ type: string }>('select type from event_log.order_events where account_id = $1 order by version', [accountId]);
    return rows.map(({ type }) => type);
  };

  it("answers what the contract says, waits for consent and ends with the seller's account", async () => {
    const { status: code, body: device } = await begin('Shop');
    expect(code).toBe(200);
    expect(device).toEqual({
      device_code: expect.any(String),
      user_code: expect.any(String),
      verification_uri: expect.any(String),
      verification_uri_complete: expect.any(String),
      expires_in: 3_600,
      interval: 1,
      task_id: expect.any(String),
    });
    expect((await status(device)).body).toMatchObject({ status: 'pending', message: expect.any(String) });
    expect((await app.request('GET', `/tokens/auth/task/${String(device['task_id'])}`, { tenant })).body).toMatchObject({
      task_id: device['task_id'],
      result: null,
      progress: { status: 'pending', account_name: 'Shop' },
    });
    expect((await app.request('GET', '/tokens?active_only=false', { tenant })).body['total']).toBe(0);
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

  it('who guesses codes is asked to wait, and neither a code that exists nor another tenant is held up by it', async () => {
    const { body: device } = await begin('Guessed', 'guesser');
    const guesses = await Promise.all(Array.from({ length: 120 }, (_, number) => status({ device_code: `guess-${String(number)}` }, 'guesser')));
    expect(guesses.filter(({ status: code }) => code === 404)).toHaveLength(60);
    const refused = guesses.filter(({ status: code }) => code === 429);
    expect(refused).toHaveLength(60);
    expect(refused[0]?.body['code']).toBe('TOO_MANY_REFUSALS');
    expect((await status(device, 'guesser')).status).toBe(200);
    expect((await status({ device_code: 'guess-1' }, 'somebody-else')).status).toBe(404);
  });

  it('another tenant finds neither the code nor the task', async () => {
    const { body: device } = await begin('Shop');
    expect((await status(device, 'somebody-else')).body['code']).toBe('DEVICE_CODE_NOT_FOUND');
    expect((await app.request('GET', `/tokens/auth/task/${String(device['task_id'])}`, { tenant: 'somebody-else' })).status).toBe(404);
    expect((await app.request('GET', '/tokens/auth/task/no-uuid', { tenant })).status).toBe(404);
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
    expect(await app.linkEnd(String(device['task_id']), tenant)).toMatchObject({
      status: 'FAILURE',
      result: { error: 'DEVICE_CODE_EXPIRED', status: 'expired' },
    });
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
      const { body } = await app.request('GET', `/tokens/auth/task/${String(device['task_id'])}`, { tenant });
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
      const { rows } = await world.owner.query('select 1 from device_authorizations where task_id = $1 and status = $2 and access_sealed is not null', [
        device['task_id'],
        'granted',
      ]);
      return rows.length === 1;
    });
    expect((await status(device)).body['status']).toBe('pending');
    // Hours of outage must not use the task's attempts up.
    await eventually('no failed attempt is counted', async () => {
      const { rows } = await world.owner.query<{ attempts: number }>(`select attempts from tasks where id = $1 and status = 'PENDING'`, [device['task_id']]);
      return rows[0]?.attempts === 0;
    });
    Reflect.deleteProperty(orders, 'me');
    await eventually('the task waits to ask again', async () => {
      const { rowCount } = await world.owner.query(`update tasks set due_at = now() where id = $1 and status = 'PENDING'`, [device['task_id']]);
      return rowCount === 1;
    });
    expect(await app.linkEnd(String(device['task_id']), tenant)).toMatchObject({ status: 'SUCCESS' });
    const { rows } = await world.owner.query('select access_sealed, refresh_sealed, device_sealed from device_authorizations where task_id = $1', [
      device['task_id'],
    ]);
    expect(rows).toEqual([{ access_sealed: null, refresh_sealed: null, device_sealed: null }]);
  });

  it('goes on after a restart of the process between two polls', async () => {
    const { body: device } = await begin('Shop');
    await eventually('it was polled', async () => (await polls(device)) >= 1);
    await app.stop();
    app = await Service.start(world, { role: 'all' });
    world.sandbox.approve(String(device['user_code']), seller(0));
    expect(await app.linkEnd(String(device['task_id']), tenant)).toMatchObject({ status: 'SUCCESS' });
  });

  it('leaves the name free when Allegro cannot be asked for a code', async () => {
    const auth = app.app.get(AllegroAuthClient);
    auth.requestDeviceCode = async () => Promise.reject(outage);
    expect((await begin('Shop')).status).toBe(503);
    Reflect.deleteProperty(auth, 'requestDeviceCode');
    expect((await begin('Shop')).status).toBe(200);
  });
});
