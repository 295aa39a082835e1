import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { type EndedSync, runSync } from '../support/run-sync.js';
import { type Json, Service } from '../support/service.js';
import { type TokenWorld, tokenWorld } from '../support/token-app.js';

const TENANT = 'tenant-a';

let world: TokenWorld;
let service: Service;
let account: { tokenId: string; accountId: string };

beforeAll(async () => {
  world = await tokenWorld({ orders: 10, seed: 37 });
  service = await Service.start(world);
  account = await service.connect();
  await sync();
});

afterAll(async () => {
  await service.stop();
  await world.release();
});

async function sync(): Promise<EndedSync> {
  await world.owner.query('update owed_forms set next_try_at = now()');
  world.sandbox.advanceClock(60_000);
  return runSync(service, { ...account, tenantId: TENANT });
}

const call = async (method: 'GET' | 'POST', path: string, body?: Json, tenant = TENANT) =>
  service.call(method, path, body ?? (method === 'POST' ? {} : undefined), tenant);
const list = async (filter = '') => (await call('GET', `/failed-orders?token_id=${account.tokenId}${filter}`)).body as { orders: Json[]; total: number };
const detail = async (orderId: string) => (await call('GET', `/failed-orders/${orderId}?token_id=${account.tokenId}`)).body;
const fresh = (count = 1) => world.sandbox.createOrders({ count, status: 'READY_FOR_PROCESSING' });

describe('a poison order', () => {
  let poison: string;

  it('is put aside after five failures while others flow', async () => {
    poison = fresh()[0] ?? '';
    world.sandbox.setOrderFault(poison, 'poison');
    for (let time = 1; time <= 5; time += 1) {
      const [fine = ''] = fresh();
      expect((await sync()).tally.created.has(fine)).toBe(true);
      expect((await list()).orders).toEqual([
        expect.objectContaining({ order_id: poison, consecutive_failures: time, parked_at: time < 5 ? null : expect.any(String) }),
      ]);
    }
  });

  it('is shown with the whole answer, its trace id and every try, to its owner only', async () => {
    const { tries, ...order } = await detail(poison);
    expect(order).toMatchObject({ reason: 'unavailable', allegro_status: 500, allegro_trace_id: expect.any(String), answer: { errors: [expect.any(Object)] } });
    expect(order['answer_content_type']).toContain('json');
    expect(tries).toHaveLength(5);
    expect((tries as Json[])[0]).toEqual({
      at: expect.any(String),
      reason: 'unavailable',
      error: expect.any(String),
      allegro_status: 500,
      allegro_trace_id: expect.any(String),
    });
    expect((await call('GET', `/failed-orders/${poison}?token_id=${account.tokenId}`, undefined, 'tenant-b')).status).toBe(404);
    expect((await call('POST', `/failed-orders/${poison}/retry?token_id=${account.tokenId}`, {}, 'tenant-b')).status).toBe(404);
  });

  it('lands when a person asks for it once more and Allegro answers', async () => {
    world.sandbox.setOrderFault(poison, null);
    const { body } = await call('POST', `/failed-orders/${poison}/retry?token_id=${account.tokenId}`);
    expect(body).toEqual({ order_ids: [poison], task_id: expect.any(String) });
    expect((await call('GET', `/sync/task/${String(body['task_id'])}`)).body['status']).toBe('PENDING');
    expect(
      (await world.owner.query(`select subject from audit_entries where action = 'failed_orders.retry' and subject ->> 'order_id' = $1`, [poison])).rows,
    ).toHaveLength(1);
    await sync();
    expect(await list()).toEqual({ orders: [], total: 0 });
    expect((await call('GET', `/orders/${poison}?token_id=${account.tokenId}`)).status).toBe(200);
    expect((await call('POST', `/failed-orders/${poison}/retry?token_id=${account.tokenId}`)).body['code']).toBe('FAILED_ORDER_NOT_FOUND');
  });
});

describe('orders Allegro does not know', () => {
  it('stay missing however often they are asked for, and are retried as a group by reason', async () => {
    const [gone = '', broken = '', fine = ''] = fresh(3);
    world.sandbox.setOrderFault(gone, 'missing');
    world.sandbox.setOrderFault(broken, 'poison');
    expect((await sync()).tally.created.has(fine)).toBe(true);
    for (let time = 0; time < 6; time += 1) {
      fresh();
      await sync();
    }
    expect((await list('&reason=missing')).orders).toEqual([expect.objectContaining({ order_id: gone, allegro_status: 404, parked_at: null, attempts: 7 })]);
    expect((await detail(gone))['answer']).toMatchObject({ errors: [expect.any(Object)] });
    const { body } = await call('POST', '/failed-orders/retry', { token_id: account.tokenId, reason: 'missing' });
    expect(body['order_ids']).toEqual([gone]);
    for (const orderId of [gone, broken]) world.sandbox.setOrderFault(orderId, null);
    expect((await call('POST', '/failed-orders/retry', { token_id: account.tokenId })).body['order_ids']).toHaveLength(2);
    await sync();
    expect(await list()).toEqual({ orders: [], total: 0 });
    expect((await call('POST', '/failed-orders/retry', { token_id: account.tokenId })).body).toEqual({ order_ids: [], task_id: null });
  });
});

describe('an outage of Allegro', () => {
  it('puts no order aside, holds none, and is reported as Allegro’s', async () => {
    // What was retried by hand may be due any time, and would read the orders of this test among others.
    await world.owner.query(`update tasks set status = 'REVOKED', finished_at = now() where status = 'PENDING'`);
    await eventually('no task runs', async () => (await world.owner.query(`select from tasks where status = 'STARTED'`)).rowCount === 0);
    const ids = fresh(5);
    for (const orderId of ids) world.sandbox.setOrderFault(orderId, 'poison');
    const first = await sync();
    expect([first.end.status, first.end.error]).toEqual(['FAILED', expect.stringContaining('ALLEGRO_')]);
    world.sandbox.setFaults('5xx=1:503');
    expect((await sync()).end.error).toContain('ALLEGRO_');
    expect(await list()).toEqual({ orders: [], total: 0 });
    expect((await call('GET', `/quarantine?token_id=${account.tokenId}`)).body).toEqual({ items: [], total: 0 });
    world.sandbox.setFaults('');
    for (const orderId of ids) world.sandbox.setOrderFault(orderId, null);
  });
});

describe('tasks that failed for good', () => {
  const failed = async (type: string, tenant = TENANT): Promise<string> => {
    const { rows } = await world.owner.query<{ id: string }>(
      `insert into tasks (tenant_id, account_id, token_id, queue_key, task_type, params, description, status, finished_at)
       values ($1, $2, $3::uuid, ($3::uuid)::text, $4, '{"from": null}', 'failed', 'FAILURE', now()) returning id`,
      [tenant, account.accountId, account.tokenId, type],
    );
    return rows[0]?.id ?? '';
  };

  it('are tried again as a new task, once however often it is asked for', async () => {
    const id = await failed('sync_full');
    const { status, body } = await call('POST', `/sync/tasks/${id}/retry`);
    expect([status, body]).toEqual([200, { task_id: expect.any(String), retry_of: id, task_type: 'sync_full' }]);
    expect((await call('POST', `/sync/tasks/${id}/retry`)).body['task_id']).toBe(body['task_id']);
    expect((await call('GET', `/sync/tasks/${String(body['task_id'])}`)).body).toMatchObject({ status: 'PENDING', task_type: 'sync_full' });
    expect((await call('POST', `/sync/tasks/${String(body['task_id'])}/retry`)).body['code']).toBe('TASK_NOT_RETRYABLE');
    expect((await call('POST', `/sync/tasks/${id}/retry`, {}, 'tenant-b')).body['code']).toBe('TASK_NOT_FOUND');
  });

  it('are tried again as a group: those nobody has tried, of one type or all', async () => {
    const [one, link, foreign] = [await failed('sync_incremental'), await failed('link_account'), await failed('sync_full', 'tenant-b')];
    expect((await call('POST', '/sync/tasks/retry', { task_type: 'sync_full' })).body).toEqual({ tasks: [] });
    const { tasks } = (await call('POST', '/sync/tasks/retry')).body as { tasks: Json[] };
    expect(tasks.map((task) => task['retry_of'])).toEqual([one]);
    expect((await call('POST', '/sync/tasks/retry')).body).toEqual({ tasks: [] });
    expect((await call('POST', `/sync/tasks/${link}/retry`)).body['code']).toBe('TASK_NOT_RETRYABLE');
    expect((await world.owner.query('select id from tasks where parent_task_id = $1', [foreign])).rows).toEqual([]);
  });
});
