import { expect } from '@jest/globals';
import type { Calls, ForeignClient } from './foreign-client.js';

const SYNC = '/api/v1/sync';
const RUN = {
  id: 'uuid',
  token_id: 'uuid',
  sync_started_at: 'instant',
  sync_completed_at: 'instant|null',
  sync_status: 'string',
  orders_processed: 'number',
  orders_added: 'number',
  orders_updated: 'number',
  error_message: 'string|null',
  sync_from_date: 'instant|null',
  sync_to_date: 'instant|null',
  created_at: 'instant',
  updated_at: 'instant',
};
const TASK = {
  id: 'uuid',
  task_id: 'uuid',
  user_id: 'string',
  task_type: 'string',
  status: 'string',
  params: 'object',
  result: 'object|null',
  error: 'string|null',
  started_at: 'instant',
  finished_at: 'instant|null',
  updated_at: 'instant',
  description: 'string',
  progress: 'number|null',
  parent_task_id: 'string|null',
};
const STARTED = {
  success: 'boolean',
  message: 'string',
  task_id: 'uuid',
  user_id: 'string',
  token_id: 'uuid',
  sync_type: 'string',
  started_at: 'instant',
  status: 'string',
};
const REVOKED = { message: 'string', task_id: 'uuid', status: 'string' };
const SCHEDULE = {
  token_id: 'uuid',
  interval_minutes: 'number',
  status: 'string',
  last_run_at: 'instant|null',
  last_success_at: 'instant|null',
  created_at: 'instant',
  updated_at: 'instant',
};

const started = async (client: ForeignClient): Promise<string> => String((await client.post(`${SYNC}/start`, STARTED, { body: client.account }))['task_id']);
const activate = (client: ForeignClient) => client.send('POST', `${SYNC}/activate`, { body: { ...client.account, interval_minutes: 15 } });
const deactivate = (client: ForeignClient) => client.send('POST', `${SYNC}/deactivate`, { body: client.account });

export const SYNC_CALLS: Calls = {
  'POST /api/v1/sync/start': async (client) => {
    const plain = await client.post(`${SYNC}/start`, STARTED, { body: { ...client.account, force_full_sync: false } });
    expect(plain).toMatchObject({ success: true, sync_type: 'incremental', status: 'PENDING', ...client.account, user_id: client.stage.tenant });
    const dated = await client.post(`${SYNC}/start`, STARTED, { body: { ...client.account, sync_from_date: '2026-10-01T00:00:00' } });
    expect(dated).toMatchObject({ sync_type: 'full' });
    expect(await client.post(`${SYNC}/start/`, STARTED, { body: { ...client.account, force_full_sync: true } })).toMatchObject({ sync_type: 'full' });
    await client.refused(422, client.send('POST', `${SYNC}/start`, { body: { ...client.account, unheard_of: true } }));
  },
  'GET /api/v1/sync/history': async (client) => {
    const shape = { syncs: [RUN] as const, total: 'number', page: 'number', per_page: 'number' };
    const all = await client.bothForms(`${SYNC}/history`, shape);
    expect(all['total']).toBeGreaterThan(0);
    const query = { ...client.account, page: 1, per_page: 1000, status: 'COMPLETED', date_from: '2020-01-01T00:00:00', date_to: '2100-01-01T00:00:00+02:00' };
    const some = await client.get(`${SYNC}/history`, shape, query);
    expect([some['per_page'], (some['syncs'] as unknown[]).length]).toEqual([100, expect.any(Number)]);
  },
  'GET /api/v1/sync/stats': async (client) => {
    const numbers = [
      'total_syncs',
      'successful_syncs',
      'failed_syncs',
      'running_syncs',
      'total_orders_processed',
      'total_orders_added',
      'total_orders_updated',
    ];
    const shape = { ...Object.fromEntries(numbers.map((name) => [name, 'number'])), last_sync_date: 'instant|null', average_sync_duration: 'number|null' };
    expect((await client.get(`${SYNC}/stats`, shape))['total_syncs']).toBeGreaterThan(0);
    expect(await client.get(`${SYNC}/stats`, shape, { date_from: '2100-01-01T00:00:00' })).toMatchObject({ total_syncs: 0 });
  },
  'GET /api/v1/sync/running': async (client) => {
    await client.bothForms(`${SYNC}/running`, [RUN]);
  },
  'POST /api/v1/sync/cancel/{sync_id}': async (client) => {
    const id = await started(client);
    expect(await client.post(`${SYNC}/cancel/${id}`, REVOKED)).toMatchObject({ task_id: id, status: 'REVOKED' });
  },
  'GET /api/v1/sync/task/{task_id}': async (client) => {
    const shape = { task_id: 'uuid', status: 'string', result: 'object|null', info: 'object', user_id: 'string' };
    expect(await client.get(`${SYNC}/task/${client.id('task_id')}`, shape)).toMatchObject({ task_id: client.id('task_id') });
  },
  'GET /api/v1/sync/tasks/history': async (client) => {
    const tasks = (await client.get(`${SYNC}/tasks/history`, [TASK])) as unknown as unknown[];
    expect(tasks.length).toBeGreaterThan(0);
    await client.get(`${SYNC}/tasks/history`, [TASK], { status: 'FAILURE', task_type: 'sweep', page: 1, per_page: 5 });
  },
  'GET /api/v1/sync/tasks/active': async (client) => {
    await client.bothForms(`${SYNC}/tasks/active`, [TASK]);
  },
  'GET /api/v1/sync/tasks/{task_id}': async (client) => {
    expect(await client.get(`${SYNC}/tasks/${client.id('failed_task_id')}`, TASK)).toMatchObject({ status: 'FAILURE', error: 'invented' });
    await client.refused(404, client.send('GET', `${SYNC}/tasks/unheard-of`));
  },
  'GET /api/v1/sync/tasks/{task_id}/result': async (client) => {
    await client.get(`${SYNC}/tasks/${client.id('task_id')}/result`, 'object');
  },
  'POST /api/v1/sync/tasks/revoke': async (client) => {
    const first = await started(client);
    expect(await client.post(`${SYNC}/tasks/revoke`, REVOKED, { query: { task_id: first } })).toMatchObject({ task_id: first, status: 'REVOKED' });
    const second = await started(client);
    expect(await client.post(`${SYNC}/tasks/revoke`, REVOKED, { body: { task_id: second } })).toMatchObject({ task_id: second, status: 'REVOKED' });
  },
  'POST /api/v1/sync/activate': async (client) => {
    const body = { ...client.account, interval_minutes: 15 };
    const shape = { message: 'string', token_id: 'uuid', interval_minutes: 'number' };
    expect(await client.post(`${SYNC}/activate`, shape, { body })).toMatchObject(body);
    await client.refused(400, activate(client));
    await client.refused(422, client.send('POST', `${SYNC}/activate`, { body: { ...body, interval_minutes: 1441 } }));
    await deactivate(client);
  },
  'POST /api/v1/sync/deactivate': async (client) => {
    await activate(client);
    expect(await client.post(`${SYNC}/deactivate`, { message: 'string', token_id: 'uuid' }, { body: client.account })).toMatchObject(client.account);
    await client.refused(404, deactivate(client));
  },
  'GET /api/v1/sync/active': async (client) => {
    await activate(client);
    expect(await client.bothForms(`${SYNC}/active`, [SCHEDULE])).toEqual([expect.objectContaining({ ...client.account, interval_minutes: 15 })]);
    await deactivate(client);
  },
  'GET /api/v1/sync/status/{token_id}': async (client) => {
    const path = `${SYNC}/status/${client.id('token_id')}`;
    const nothing = {
      interval_minutes: 'null',
      status: 'null',
      task_name: 'null',
      last_run_at: 'null',
      last_success_at: 'null',
      created_at: 'null',
      updated_at: 'null',
    };
    expect(await client.get(path, { token_id: 'uuid', is_active: 'boolean', ...nothing })).toMatchObject({ is_active: false });
    await activate(client);
    expect(await client.get(path, { ...SCHEDULE, is_active: 'boolean', task_name: 'string' })).toMatchObject({ is_active: true, interval_minutes: 15 });
    await deactivate(client);
  },
};

/** Outside the prefix. */
export const SERVICE_CALLS: Calls = {
  'GET /': async (client) => {
    await client.get('/', 'object');
    const page = await client.stage.service.app.inject({ method: 'GET', url: '/', headers: { accept: 'text/html' } });
    expect(page.headers['content-type']).toContain('text/html');
  },
  'GET /health': async (client) => {
    const answer = await client.send('GET', '/health');
    expect([[200, 503].includes(answer.status), typeof answer.json['status']]).toEqual([true, 'string']);
  },
  'GET /metrics': async (client) => {
    expect((await client.send('GET', '/metrics')).text).toContain('# TYPE');
  },
  'GET /docs': async (client) => {
    expect((await client.send('GET', '/docs')).text).toContain('<html');
  },
  'GET /api/v1/openapi.json': async (client) => {
    await client.get('/api/v1/openapi.json', { openapi: 'string', paths: 'object', components: 'object' });
  },
};
