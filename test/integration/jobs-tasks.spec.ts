import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { TestingModule } from '@nestjs/testing';
import { Redis } from 'ioredis';
import { Problem } from '../../src/core/problem.js';
import { Database } from '../../src/platform/database/database.js';
import { PostponeTask } from '../../src/platform/jobs/postpone-task.js';
import type { Task } from '../../src/platform/jobs/task.js';
import type { TaskHandler } from '../../src/platform/jobs/task-handlers.js';
import { TaskReadModel } from '../../src/platform/jobs/tasks.read-model.js';
import { Tasks } from '../../src/platform/jobs/tasks.service.js';
import type { NewTask } from '../../src/platform/jobs/tasks.store.js';
import { eventually } from '../support/eventually.js';
import { type JobsOptions, jobsWorld, type JobsWorld, startJobs } from '../support/jobs-context.js';
import { queueBackends } from '../support/test-redis.js';

// Seconds here; a loaded machine may take several times that, and no promise is about it.
jest.setTimeout(60_000);

const NEW_TASK: NewTask = { tenantId: 'tenant-1', queueKey: 'key-1', taskType: 'work', params: { since: '2026-01-01' }, description: 'some work' };

const untilAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));

describe.each(queueBackends)('owed tasks on %s', (backend) => {
  let world: JobsWorld;
  const contexts: TestingModule[] = [];
  const start = async (options: JobsOptions = {}): Promise<TestingModule> => {
    const context = await startJobs(world, options);
    contexts.push(context);
    return context;
  };
  const process = (handler: TaskHandler, role: JobsOptions['role'] = 'all') => start({ role, tasks: { work: handler } });
  const stop = async (context: TestingModule): Promise<void> => {
    contexts.splice(contexts.indexOf(context), 1);
    await context.close();
  };
  const create = (context: TestingModule, changes: Partial<NewTask> = {}): Promise<Task> =>
    context.get(Database).transaction((tx) => context.get(Tasks).create(tx, { ...NEW_TASK, ...changes }));
  const read = (context: TestingModule, task: Task): Promise<Task> =>
    context
      .get(TaskReadModel)
      .find(task.tenantId, task.id)
      .then((found) => found ?? Promise.reject(new Error('the task is gone')));
  const becomes = (context: TestingModule, task: Task, status: Task['status']): Promise<Task> =>
    eventually(`the task is ${status}`, async () => {
      const found = await read(context, task);
      return found.status === status ? found : null;
    });
  const age = (context: TestingModule, task: Task, column: 'enqueued_at'): Promise<unknown> =>
    context.get(Database).query(`update tasks set ${column} = now() - interval '1 minute' where id = $1`, [task.id]);

  beforeEach(async () => {
    world = await jobsWorld(backend);
  });
  afterEach(async () => {
    await Promise.all(contexts.splice(0).map((context) => context.close()));
    await world.release();
  });

  it('run once and keep their result', async () => {
    let runs = 0;
    const context = await process(async (task, run) => {
      runs += 1;
      await run.progress(0.5);
      expect((await read(context, task)).progress).toBe(0.5);
      return { orders: 3 };
    });
    const task = await create(context);
    expect(task).toMatchObject({ status: 'PENDING', params: { since: '2026-01-01' }, progress: null, result: null, attempts: 0, generation: '0' });
    await context.get(Tasks).wake(task);
    const done = await becomes(context, task, 'SUCCESS');
    expect(done).toMatchObject({ result: { orders: 3 }, progress: 1, error: null, attempts: 0, generation: '1' });
    expect(done.finishedAt).toBeInstanceOf(Date);
    expect(runs).toBe(1);
  });

  it("start without being woken, within the loop's second, when the process that created them died", async () => {
    const context = await process(() => Promise.resolve({}));
    await becomes(context, await create(context), 'SUCCESS');
  });

  it('wait until they are due', async () => {
    let startedAt = 0;
    const context = await process(() => {
      startedAt = Date.now();
      return Promise.resolve({});
    });
    const dueAt = new Date(Date.now() + 1_500);
    const task = await create(context, { dueAt });
    await context.get(Tasks).wake(task);
    await becomes(context, task, 'SUCCESS');
    expect(startedAt).toBeGreaterThanOrEqual(dueAt.getTime());
  });

  it('come back at the time their handler postponed them to', async () => {
    const dueAt = new Date(Date.now() + 1_000);
    const attempts: number[] = [];
    const context = await process((task) => {
      attempts.push(task.attempts);
      if (attempts.length === 1) throw new PostponeTask(dueAt, 'Allegro is closed');
      return Promise.resolve({});
    });
    const task = await create(context);
    await context.get(Tasks).wake(task);
    const waiting = await eventually('it waits', async () => ((await read(context, task)).error === null ? null : read(context, task)));
    expect(waiting).toMatchObject({ status: 'PENDING', error: 'Allegro is closed', dueAt, attempts: 0 });
    expect((await becomes(context, task, 'SUCCESS')).error).toBeNull();
    expect(attempts).toEqual([1, 1]);
  });

  it('fail for good on a Problem that asking again cannot help, and wait for another try on anything else', async () => {
    const context = await process((task) => {
      if (task.description === 'hopeless') throw new Problem('TOKEN_REFUSED', { status: 422, detail: 'link the account again', retry: 'never' });
      throw new Error('a bug, perhaps');
    });
    const hopeless = await create(context, { description: 'hopeless' });
    const unlucky = await create(context);
    for (const task of [hopeless, unlucky]) await context.get(Tasks).wake(task);
    expect(await becomes(context, hopeless, 'FAILURE')).toMatchObject({ error: 'TOKEN_REFUSED: link the account again', result: null });
    const waiting = await eventually('it waits', async () => ((await read(context, unlucky)).error === null ? null : read(context, unlucky)));
    expect(waiting).toMatchObject({ status: 'PENDING', error: 'unexpected error (Error)', attempts: 1 });
    expect(waiting.dueAt.getTime()).toBeGreaterThan(Date.now());
  });

  it('stop within 3 s when they are revoked in another process, and stay revoked', async () => {
    const stopped: number[] = [];
    const worker = await process(async (_task, run) => {
      await untilAborted(run.signal).catch(() => stopped.push(Date.now()));
      return { finished: 'all the same' };
    });
    const api = await process(() => Promise.resolve({}), 'api');
    const task = await create(api);
    await api.get(Tasks).wake(task);
    await becomes(worker, task, 'STARTED');
    const revokedAt = Date.now();
    expect(await api.get(Tasks).revoke(task.id)).toMatchObject({ status: 'REVOKED' });
    await eventually('the run stopped', () => stopped.length === 1);
    expect((stopped[0] ?? Infinity) - revokedAt).toBeLessThan(3_000);
    expect(await api.get(Tasks).revoke(task.id)).toBeNull();
    await stop(worker);
    expect(await read(api, task)).toMatchObject({ status: 'REVOKED', result: null });
  });

  it('never start once they were revoked', async () => {
    let runs = 0;
    const api = await process(() => Promise.resolve({}), 'api');
    const task = await create(api);
    await api.get(Tasks).wake(task);
    await api.get(Tasks).revoke(task.id);
    const context = await process(() => Promise.resolve({ run: (runs += 1) }));
    const next = await create(context);
    await context.get(Tasks).wake(next);
    await becomes(context, next, 'SUCCESS');
    expect([runs, (await read(api, task)).status]).toEqual([1, 'REVOKED']);
  });

  it('are given back at shutdown and resumed at once by another process', async () => {
    const first = await process((_task, run) => untilAborted(run.signal));
    const task = await create(first);
    await first.get(Tasks).wake(task);
    await becomes(first, task, 'STARTED');
    const closedAt = Date.now();
    await stop(first);
    const second = await process(() => Promise.resolve({ by: 'the second' }));
    expect(await becomes(second, task, 'SUCCESS')).toMatchObject({ result: { by: 'the second' }, attempts: 1, generation: '2' });
    expect(Date.now() - closedAt).toBeLessThan(10_000);
  });

  if (backend === 'redis') {
    it('run although Redis lost everything it held', async () => {
      const api = await process(() => Promise.resolve({}), 'api');
      const task = await create(api);
      await api.get(Tasks).wake(task);
      const redis = new Redis(world.redisUrl ?? '');
      await redis.flushdb();
      redis.disconnect();
      const context = await process(() => Promise.resolve({}));
      await age(context, task, 'enqueued_at');
      await becomes(context, task, 'SUCCESS');
    });

    it('run after a flush under a worker that is running', async () => {
      const context = await process(() => Promise.resolve({}));
      const first = await create(context);
      await context.get(Tasks).wake(first);
      await becomes(context, first, 'SUCCESS');
      const redis = new Redis(world.redisUrl ?? '');
      await redis.flushdb();
      redis.disconnect();
      const second = await create(context);
      await context.get(Tasks).wake(second);
      await becomes(context, second, 'SUCCESS');
    });
  }
});
