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

async function startedTask(tenant: string): Promise<{ taskId: string; tokenId: string }> {
  const tokenId = await app.import('shop', seller, tenant);
  const { body } = await app.request('POST', '/sync/start', { tenant, body: { token_id: tokenId, force_full_sync: true } });
  return { taskId: String(body['task_id']), tokenId };
}

const finish = (taskId: string, status: string): Promise<unknown> =>
  world.owner.query(`update tasks set status = $2, result = '{"orders_processed": 4}', finished_at = now() where id = $1`, [taskId, status]);

describe('a task', () => {
  it('is shown in all its fields, its result and its state', async () => {
    const { taskId, tokenId } = await startedTask('shown');
    const shared = {
      task_id: taskId,
      status: 'PENDING',
      params: { from: null },
      result: null,
      error: null,
      started_at: INSTANT,
      finished_at: null,
      updated_at: INSTANT,
      description: 'sync of all orders Allegro lists',
      progress: null,
    };
    const task = {
      ...shared,
      id: taskId,
      user_id: 'shown',
      token_id: tokenId,
      task_type: 'sync_full',
      parent_task_id: null,
      created_at: INSTANT,
      due_at: INSTANT,
      attempts: 0,
    };
    expect((await app.request('GET', `/sync/tasks/${taskId}`, { tenant: 'shown' })).body).toEqual(task);
    expect((await app.request<Json[]>('GET', '/sync/tasks/active/', { tenant: 'shown' })).body[0]).toEqual(task);
    expect((await app.request<Json[]>('GET', '/sync/tasks/history', { tenant: 'shown' })).body[0]).toEqual(task);
    expect((await app.request('GET', `/sync/tasks/${taskId}/result`, { tenant: 'shown' })).body).toEqual(shared);
    const info = { task_type: 'sync_full', description: shared.description, progress: null, error: null, token_id: tokenId };
    expect((await app.request('GET', `/sync/task/${taskId}`, { tenant: 'shown' })).body).toEqual({
      task_id: taskId,
      status: 'PENDING',
      result: null,
      info,
      user_id: 'shown',
    });
  });

  it('that succeeded shows its result and is active no more', async () => {
    const { taskId } = await startedTask('done');
    await finish(taskId, 'SUCCESS');
    expect((await app.request('GET', `/sync/task/${taskId}`, { tenant: 'done' })).body).toMatchObject({ status: 'SUCCESS', result: { orders_processed: 4 } });
    const active = (await app.request<Json[]>('GET', '/sync/tasks/active', { tenant: 'done' })).body;
    expect(active.map((task) => task['task_type'])).toEqual(['sync_incremental']);
  });

  it.each([UNKNOWN, 'history-of-nothing', '%00'])('named %s is not there', async (id) => {
    for (const path of [`/sync/task/${id}`, `/sync/tasks/${id}`, `/sync/tasks/${id}/result`])
      expect((await app.request('GET', path)).status).toBe(id === '%00' ? 400 : 404);
  });

  it('is found by status, type and page', async () => {
    const { taskId } = await startedTask('pages');
    await finish(taskId, 'SUCCESS');
    const types = async (query: string): Promise<unknown> =>
      (await app.request<Json[]>('GET', `/sync/tasks/history?${query}`, { tenant: 'pages' })).body.map((task) => task['task_type']);
    expect(await types('')).toEqual(['sync_full', 'sync_incremental']);
    expect(await types('page=2&per_page=1')).toEqual(['sync_incremental']);
    expect(await types('status=SUCCESS')).toEqual(['sync_full']);
    expect(await types('task_type=sync_incremental&anything=else')).toEqual(['sync_incremental']);
    expect((await app.request('GET', '/sync/tasks/history?status=LOST')).status).toBe(422);
  });
});

describe('ending a task', () => {
  it.each([
    ['in the query', (id: string) => ({ path: `/sync/tasks/revoke?task_id=${id}` })],
    ['in the body', (id: string) => ({ path: '/sync/tasks/revoke', body: { task_id: id } })],
    ['in the address', (id: string) => ({ path: `/sync/cancel/${id}` })],
  ])('that is named %s revokes it, and again is no error', async (where, named) => {
    const tenant = `revoke ${where}`;
    const { taskId } = await startedTask(tenant);
    const { path, ...sent } = named(taskId) as { path: string; body?: Json };
    for (let time = 0; time < 2; time += 1) {
      const { status, body } = await app.request('POST', path, { tenant, ...sent });
      expect([status, body]).toEqual([200, { message: expect.any(String), task_id: taskId, status: 'REVOKED' }]);
    }
    expect((await app.request('GET', `/sync/tasks/${taskId}`, { tenant })).body).toMatchObject({ status: 'REVOKED', finished_at: INSTANT });
  });

  it('by the id of its run cancels both', async () => {
    const { taskId, tokenId } = await startedTask('run');
    const runId = '11111111-1111-1111-1111-111111111111';
    await world.owner.query(
      `insert into sync_runs (id, tenant_id, account_id, token_id, task_id, sync_type, sync_status, sync_started_at)
       select $1, 'run', account_id, id, $2, 'full', 'RUNNING', now() from tokens where id = $3`,
      [runId, taskId, tokenId],
    );
    const { body } = await app.request('POST', `/sync/cancel/${runId}`, { tenant: 'run' });
    expect(body).toMatchObject({ task_id: taskId, status: 'REVOKED' });
    expect((await app.request('GET', '/sync/history', { tenant: 'run' })).body).toMatchObject({
      syncs: [{ id: runId, sync_status: 'CANCELLED', sync_completed_at: INSTANT }],
    });
    expect((await app.request('GET', '/sync/running', { tenant: 'run' })).body).toEqual([]);
  });

  it('is refused once it has ended by itself', async () => {
    const { taskId } = await startedTask('ended');
    await finish(taskId, 'SUCCESS');
    const { status, body } = await app.request('POST', '/sync/tasks/revoke', { tenant: 'ended', body: { task_id: taskId } });
    expect([status, body['code']]).toEqual([409, 'TASK_FINISHED']);
  });

  it('needs its name and nothing else', async () => {
    expect((await app.request('POST', '/sync/tasks/revoke')).status).toBe(422);
    expect((await app.request('POST', '/sync/tasks/revoke', { body: { task_id: UNKNOWN, force: true } })).status).toBe(422);
    expect((await app.request('POST', '/sync/tasks/revoke', { body: { task_id: UNKNOWN } })).status).toBe(404);
    expect((await app.request('POST', '/sync/cancel/nothing')).status).toBe(404);
  });
});
