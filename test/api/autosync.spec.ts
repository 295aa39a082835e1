import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { type Json, Service } from '../support/service.js';
import { type TokenWorld, tokenWorld } from '../support/token-app.js';

const UNKNOWN = '00000000-0000-4000-8000-000000000000';
const INSTANT = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
/** Of each seller of the sandbox. */
const ORDERS = 5;

let world: TokenWorld;
let app: Service;
let seller: string;

beforeAll(async () => {
  world = await tokenWorld({ orders: ORDERS });
  app = await Service.start(world);
  seller = world.sandbox.sellers()[0]?.id ?? '';
});

afterAll(async () => {
  await app.stop();
  await world.release();
});

describe('automatic sync', () => {
  it('is switched on and off and shown, with nulls while it is off', async () => {
    const tenant = 'toggle';
    const tokenId = await app.import('shop', seller, tenant);
    const off = {
      token_id: tokenId,
      is_active: false,
      interval_minutes: null,
      status: null,
      task_name: null,
      next_run_at: null,
      last_run_at: null,
      last_success_at: null,
      last_error: null,
      consecutive_failures: null,
      created_at: null,
      updated_at: null,
    };
    expect((await app.request('GET', `/sync/status/${tokenId}`, { tenant })).body).toEqual(off);
    const on = await app.request('POST', '/sync/activate', { tenant, body: { token_id: tokenId, interval_minutes: 1 } });
    expect([on.status, on.body]).toEqual([200, { message: expect.any(String), token_id: tokenId, interval_minutes: 1 }]);
    const schedule = {
      token_id: tokenId,
      interval_minutes: 1,
      status: 'idle',
      next_run_at: INSTANT,
      last_run_at: null,
      last_success_at: null,
      last_error: null,
      consecutive_failures: 0,
      created_at: INSTANT,
      updated_at: INSTANT,
    };
    expect((await app.request('GET', '/sync/active/', { tenant })).body).toEqual([schedule]);
    expect((await app.request('GET', `/sync/status/${tokenId}`, { tenant })).body).toEqual({
      ...schedule,
      is_active: true,
      task_name: `sync_${tokenId}_periodic`,
    });
    const end = await app.request('POST', '/sync/deactivate', { tenant, body: { token_id: tokenId } });
    expect([end.status, end.body]).toEqual([200, { message: expect.any(String), token_id: tokenId }]);
    expect((await app.request('GET', '/sync/active', { tenant })).body).toEqual([]);
    expect((await app.request('GET', `/sync/status/${tokenId}`, { tenant })).body).toEqual(off);
  });

  it('is 400 when it is on already and 404 when it is off already', async () => {
    const tenant = 'again';
    const body = { token_id: await app.import('shop', seller, tenant), interval_minutes: 1_440 };
    const { interval_minutes: _, ...token } = body;
    expect((await app.request('POST', '/sync/deactivate', { tenant, body: token })).status).toBe(404);
    expect((await app.request('POST', '/sync/activate', { tenant, body })).status).toBe(200);
    expect((await app.request('POST', '/sync/activate', { tenant, body })).body).toMatchObject({
      status: 400,
      code: 'ALREADY_ACTIVE',
      detail: expect.any(String),
    });
    expect((await app.request('POST', '/sync/deactivate', { tenant, body: token })).status).toBe(200);
    expect((await app.request('POST', '/sync/deactivate', { tenant, body: token })).body).toMatchObject({ status: 404, code: 'AUTOSYNC_NOT_ACTIVE' });
  });

  it.each([
    ['no minutes', { token_id: UNKNOWN }],
    ['less than a minute', { token_id: UNKNOWN, interval_minutes: 0 }],
    ['more than a day', { token_id: UNKNOWN, interval_minutes: 1_441 }],
    ['half a minute', { token_id: UNKNOWN, interval_minutes: 1.5 }],
    ['minutes as text', { token_id: UNKNOWN, interval_minutes: '5' }],
    ['an unknown field', { token_id: UNKNOWN, interval_minutes: 5, user_id: 'somebody' }],
  ])('is refused with %s', async (_name, body) => {
    expect((await app.request('POST', '/sync/activate', { body })).status).toBe(422);
  });

  it('stops with its token, and a token that needs its seller shows it as held', async () => {
    const tenant = 'ends';
    const [gone, ill] = [await app.import('shop', seller, tenant), await app.import('other', world.sandbox.sellers()[1]?.id ?? '', tenant)];
    for (const tokenId of [gone, ill]) await app.request('POST', '/sync/activate', { tenant, body: { token_id: tokenId, interval_minutes: 5 } });
    await app.request('DELETE', `/tokens/${gone}`, { tenant });
    expect((await app.request('GET', `/sync/status/${gone}`, { tenant })).body).toMatchObject({ is_active: false });
    world.sandbox.revokeTokens(world.sandbox.sellers()[1]?.id);
    await app.request('POST', `/tokens/${ill}/refresh`, { tenant });
    expect((await app.request('GET', `/sync/status/${ill}`, { tenant })).body).toMatchObject({ is_active: true, status: 'held' });
  });
});

describe('automatic sync in a process that works', () => {
  it('runs at once, beside the first sync, and what was found is counted once', async () => {
    const tenant = 'working';
    const worker = await Service.start(world, { role: 'all' });
    try {
      const tokenId = await app.import('shop', seller, tenant);
      await app.request('POST', '/sync/activate', { tenant, body: { token_id: tokenId, interval_minutes: 1_440 } });
      const ended = (path: string, holds: (body: Json) => boolean) =>
        eventually(path, async () => {
          const { body } = await app.request('GET', path, { tenant });
          return holds(body) ? body : null;
        });
      const stats = await ended('/sync/stats', ({ running_syncs: running, successful_syncs: done }) => running === 0 && Number(done) > 0);
      expect(stats).toMatchObject({ failed_syncs: 0, total_orders_added: ORDERS });
      expect(await ended(`/sync/status/${tokenId}`, (schedule) => schedule['last_success_at'] !== null)).toMatchObject({ status: 'idle', last_error: null });
      const health = await app.request('GET', `/orders/debug/health?token_id=${tokenId}`, { tenant });
      expect(health.body).toMatchObject({ status: 'healthy', orders_count: ORDERS, last_sync: INSTANT });
    } finally {
      await worker.stop();
    }
  });
});
