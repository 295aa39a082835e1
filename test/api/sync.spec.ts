import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Json, Service } from '../support/service.js';
import { type TokenWorld, tokenWorld } from '../support/token-app.js';

const UNKNOWN = '00000000-0000-4000-8000-000000000000';
const INSTANT = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

let world: TokenWorld;
let app: Service;
let seller: string;

beforeAll(async () => {
  world = await tokenWorld();
  app = await Service.start(world);
  seller = world.sandbox.sellers()[0]?.id ?? '';
});

afterAll(async () => {
  await app.stop();
  await world.release();
});

/** A run as the runner leaves it. */
async function storeRun(tenant: string, tokenId: string, row: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const id = randomUUID();
  const { rows } = await world.owner.query<{ account_id: string }>('select account_id from tokens where id = $1', [tokenId]);
  const run: Record<string, unknown> = {
    id,
    tenant_id: tenant,
    account_id: rows[0]?.account_id,
    token_id: tokenId,
    sync_type: 'incremental',
    sync_status: 'COMPLETED',
    sync_started_at: '2026-03-01T10:00:00Z',
    sync_completed_at: '2026-03-01T10:00:30Z',
    orders_processed: 5,
    orders_added: 2,
    orders_updated: 3,
    ...row,
  };
  const names = Object.keys(run);
  await world.owner.query(
    `insert into sync_runs (${names.join(', ')}) values (${names.map((_, index) => `$${String(index + 1)}`).join(', ')})`,
    Object.values(run),
  );
  return id;
}

describe('POST /sync/start', () => {
  it('without a date owes a sync of the journal', async () => {
    const tokenId = await app.import('shop', seller, 'start');
    const { status, body } = await app.request('POST', '/sync/start/', { tenant: 'start', body: { token_id: tokenId, force_full_sync: false } });
    expect([status, body]).toEqual([
      200,
      {
        success: true,
        message: expect.any(String),
        task_id: expect.any(String),
        user_id: 'start',
        token_id: tokenId,
        sync_type: 'incremental',
        started_at: INSTANT,
        status: 'PENDING',
      },
    ]);
  });

  it.each([
    ['a date with an offset', { sync_from_date: '2026-02-01T01:00:00+02:00' }, '2026-01-31T23:00:00.000Z'],
    ['a date without an offset, then in UTC', { sync_from_date: '2026-02-01T01:00:00.123456' }, '2026-02-01T01:00:00.123Z'],
    ['a date and the wish for everything', { sync_from_date: '2026-02-01', force_full_sync: true }, '2026-02-01T00:00:00.000Z'],
    ['the wish for everything', { force_full_sync: true, sync_from_date: null }, null],
  ])('with %s owes a sync of the forms', async (name, wish, from) => {
    const tokenId = await app.import('shop', seller, `full: ${name}`);
    const { body } = await app.request('POST', '/sync/start', { tenant: `full: ${name}`, body: { token_id: tokenId, ...wish } });
    expect(body).toMatchObject({ sync_type: 'full', status: 'PENDING' });
    const task = await app.request('GET', `/sync/tasks/${String(body['task_id'])}`, { tenant: `full: ${name}` });
    expect(task.body).toMatchObject({ task_type: 'sync_full', params: { from }, token_id: tokenId });
  });

  it('again, or by twelve at once, answers the task that waits instead of a second one', async () => {
    const tokenId = await app.import('shop', seller, 'twice');
    const wish = { token_id: tokenId, sync_from_date: '2026-02-01T00:00:00Z' };
    const answers = await Promise.all(Array.from({ length: 12 }, () => app.request('POST', '/sync/start', { tenant: 'twice', body: wish })));
    expect(new Set(answers.map(({ body }) => body['task_id'])).size).toBe(1);
    const other = await app.request('POST', '/sync/start', { tenant: 'twice', body: { ...wish, sync_from_date: '2026-02-02T00:00:00Z' } });
    expect(other.body['task_id']).not.toBe(answers[0]?.body['task_id']);
  });

  it('asked on the token that stands by goes into the queue of the one that leads', async () => {
    const leader = await app.import('first', seller, 'stand-by');
    const second = await app.import('second', seller, 'stand-by');
    const { body } = await app.request('POST', '/sync/start', { tenant: 'stand-by', body: { token_id: second, force_full_sync: true } });
    const { rows } = await world.owner.query('select queue_key, token_id from tasks where id = $1', [body['task_id']]);
    expect(rows).toEqual([{ queue_key: leader, token_id: second }]);
  });

  it('is refused when no token of the account works', async () => {
    const tokenId = await app.import('shop', seller, 'asleep');
    await world.owner.query(`update tokens set state = 'needs_reauth' where id = $1`, [tokenId]);
    expect((await app.request('POST', '/sync/start', { tenant: 'asleep', body: { token_id: tokenId } })).body).toMatchObject({
      status: 409,
      code: 'TOKEN_NEEDS_REAUTH',
    });
    await app.request('DELETE', `/tokens/${tokenId}`, { tenant: 'asleep' });
    expect((await app.request('POST', '/sync/start', { tenant: 'asleep', body: { token_id: tokenId } })).body).toMatchObject({
      status: 409,
      code: 'TOKEN_DEACTIVATED',
    });
  });

  it.each([
    ['an unknown field', { token_id: UNKNOWN, user_id: 'somebody' }, 'user_id'],
    ['no token', {}, 'token_id'],
    ['a token that is no id', { token_id: 'shop' }, 'token_id'],
    ['a date that is none', { token_id: UNKNOWN, sync_from_date: 'yesterday' }, 'sync_from_date'],
    ['a wish that is no boolean', { token_id: UNKNOWN, force_full_sync: 'perhaps' }, 'force_full_sync'],
    ['a wish that is the text of a boolean', { token_id: UNKNOWN, force_full_sync: 'True' }, 'force_full_sync'],
  ])('is refused with %s', async (_name, body, field) => {
    const answer = await app.request<{ errors: { field: string }[]; detail: unknown }>('POST', '/sync/start', { body });
    expect([answer.status, answer.body.errors[0]?.field, typeof answer.body.detail]).toEqual([422, field, 'string']);
  });
});

describe('the history of runs', () => {
  const sync = {
    sync_started_at: INSTANT,
    sync_completed_at: INSTANT,
    sync_status: 'COMPLETED',
    orders_processed: 5,
    orders_added: 2,
    orders_updated: 3,
    orders_failed: 0,
    error_message: null,
    sync_from_date: null,
    sync_to_date: null,
    created_at: INSTANT,
    updated_at: INSTANT,
    task_id: null,
    sync_type: 'incremental',
  };

  it('has pages, newest first, with the token that was asked for', async () => {
    const tokenId = await app.import('first', seller, 'history');
    const standBy = await app.import('second', seller, 'history');
    const ids = [await storeRun('history', tokenId), await storeRun('history', tokenId, { sync_started_at: '2026-03-02T10:00:00Z' })];
    expect((await app.request('GET', '/sync/history', { tenant: 'history' })).body).toEqual({
      syncs: [
        { ...sync, id: ids[1], token_id: tokenId },
        { ...sync, id: ids[0], token_id: tokenId },
      ],
      total: 2,
      page: 1,
      per_page: 10,
    });
    const { body } = await app.request('GET', `/sync/history/?page=2&per_page=1&token_id=${standBy}`, { tenant: 'history' });
    expect(body).toMatchObject({ syncs: [{ id: ids[0], token_id: standBy }], total: 2, page: 2, per_page: 1 });
    expect((await app.request('GET', '/sync/history?per_page=1000', { tenant: 'history' })).body).toMatchObject({ per_page: 100 });
  });

  it('is filtered by status and by start, both ends inclusive, dates with and without offset', async () => {
    const tokenId = await app.import('shop', seller, 'filters');
    await storeRun('filters', tokenId, { sync_status: 'FAILED', error_message: 'ALLEGRO_UNAVAILABLE: Allegro is down' });
    await storeRun('filters', tokenId, { sync_started_at: '2026-03-02T10:00:00Z' });
    const total = async (query: string): Promise<unknown> => (await app.request('GET', `/sync/history?${query}`, { tenant: 'filters' })).body['total'];
    expect([await total('status=FAILED'), await total('status=CANCELLED')]).toEqual([1, 0]);
    expect([await total('date_from=2026-03-02T12:00:00%2B02:00'), await total('date_to=2026-03-01T10:00:00'), await total('date_from=2026-03-03')]).toEqual([
      1, 1, 0,
    ]);
    expect((await app.request('GET', '/sync/history?status=BROKEN', { tenant: 'filters' })).status).toBe(422);
    for (const path of ['history', 'stats']) {
      const { status, body } = await app.request('GET', `/sync/${path}?date_from=2026-03-02&date_to=2026-03-01`, { tenant: 'filters' });
      expect({ status, body }).toMatchObject({ status: 422, body: { errors: [{ field: 'date_from', message: 'must not be later than date_to' }] } });
    }
  });

  it('is summed up', async () => {
    const empty = {
      total_syncs: 0,
      successful_syncs: 0,
      failed_syncs: 0,
      running_syncs: 0,
      total_orders_processed: 0,
      total_orders_added: 0,
      total_orders_updated: 0,
      last_sync_date: null,
      average_sync_duration: null,
    };
    const tokenId = await app.import('shop', seller, 'stats');
    expect((await app.request('GET', '/sync/stats', { tenant: 'stats' })).body).toEqual(empty);
    await storeRun('stats', tokenId);
    await storeRun('stats', tokenId, { sync_status: 'FAILED', sync_started_at: '2026-03-02T10:00:00Z', sync_completed_at: '2026-03-02T10:00:10Z' });
    await storeRun('stats', tokenId, { sync_status: 'RUNNING', sync_started_at: '2026-03-03T10:00:00Z', sync_completed_at: null });
    expect((await app.request('GET', '/sync/stats', { tenant: 'stats' })).body).toEqual({
      total_syncs: 3,
      successful_syncs: 1,
      failed_syncs: 1,
      running_syncs: 1,
      total_orders_processed: 15,
      total_orders_added: 6,
      total_orders_updated: 9,
      last_sync_date: '2026-03-03T10:00:00.000Z',
      average_sync_duration: 20,
    });
    expect((await app.request('GET', '/sync/stats?date_to=2026-03-01T23:59:59', { tenant: 'stats' })).body).toMatchObject({
      total_syncs: 1,
      average_sync_duration: 30,
    });
  });

  it('shows what runs now', async () => {
    const tokenId = await app.import('shop', seller, 'running');
    await storeRun('running', tokenId);
    const id = await storeRun('running', tokenId, { sync_status: 'RUNNING', sync_completed_at: null });
    const { body } = await app.request('GET', '/sync/running', { tenant: 'running' });
    expect(body).toEqual([{ ...sync, id, token_id: tokenId, sync_status: 'RUNNING', sync_completed_at: null }]);
  });

  it('is there in the words of the orders too', async () => {
    const tokenId = await app.import('shop', seller, 'orders-history');
    const id = await storeRun('orders-history', tokenId, { orders_failed: 1 });
    await storeRun('orders-history', tokenId, { sync_started_at: '2026-02-01T10:00:00Z' });
    const { status, body } = await app.request('GET', `/orders/sync/history/?token_id=${tokenId}&limit=1`, { tenant: 'orders-history' });
    const run = {
      id,
      sync_type: 'incremental',
      status: 'COMPLETED',
      started_at: '2026-03-01T10:00:00.000Z',
      completed_at: '2026-03-01T10:00:30.000Z',
      orders_processed: 5,
      orders_created: 2,
      orders_updated: 3,
      orders_failed: 1,
      error_message: null,
      duration_seconds: 30,
    };
    expect([status, body]).toEqual([200, { history: [run], total_records: 2 }]);
  });
});

describe('what is of another tenant', () => {
  it('is not there, except for staff who name the tenant', async () => {
    const tokenId = await app.import('shop', seller, 'owner');
    const runId = await storeRun('owner', tokenId);
    const { body } = await app.request('POST', '/sync/start', { tenant: 'owner', body: { token_id: tokenId } });
    const taskId = String(body['task_id']);
    const calls: [method: 'GET' | 'POST', path: string, body?: Json][] = [
      ['POST', '/sync/start', { token_id: tokenId }],
      ['GET', `/sync/history?token_id=${tokenId}`],
      ['POST', `/sync/cancel/${runId}`],
      ['POST', `/sync/cancel/${taskId}`],
      ['GET', `/sync/task/${taskId}`],
      ['GET', `/sync/tasks/${taskId}`],
      ['GET', `/sync/tasks/${taskId}/result`],
      ['POST', '/sync/tasks/revoke', { task_id: taskId }],
      ['POST', '/sync/activate', { token_id: tokenId, interval_minutes: 5 }],
      ['POST', '/sync/deactivate', { token_id: tokenId }],
      ['GET', `/sync/status/${tokenId}`],
      ['GET', `/orders/sync/history?token_id=${tokenId}`],
      ['GET', `/orders/debug/health?token_id=${tokenId}`],
      ['GET', `/orders/debug/statuses?token_id=${tokenId}`],
      ['POST', `/orders/${UNKNOWN}/sync?token_id=${tokenId}`],
    ];
    for (const [method, path, sent] of calls) {
      const answer = await app.request(method, path, { tenant: 'stranger', body: sent });
      expect([path, answer.status]).toEqual([path, 404]);
    }
    for (const path of ['/sync/tasks/active', '/sync/tasks/history', '/sync/running', '/sync/active']) {
      expect((await app.request('GET', path, { tenant: 'stranger' })).body).toEqual([]);
    }
    expect((await app.request('GET', '/sync/history', { tenant: 'stranger' })).body).toMatchObject({ syncs: [], total: 0 });
    const staff = await app.request('GET', `/sync/task/${taskId}?user_id=owner`, { tenant: 'staff', roles: ['support'] });
    expect([staff.status, staff.body['user_id']]).toEqual([200, 'owner']);
    const toggle = { tenant: 'staff', body: { token_id: tokenId, interval_minutes: 5 } };
    expect((await app.request('POST', '/sync/activate?user_id=owner', { ...toggle, roles: ['support'] })).status).toBe(404);
    expect((await app.request('POST', '/sync/activate?user_id=owner', { ...toggle, roles: ['operator'] })).status).toBe(200);
    expect((await app.request('GET', '/sync/active', { tenant: 'owner' })).body).toMatchObject([{ token_id: tokenId }]);
  });
});
