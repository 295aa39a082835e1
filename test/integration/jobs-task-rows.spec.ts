import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { TestingModule } from '@nestjs/testing';
import { Database } from '../../src/platform/database/database.js';
import type { Transaction } from '../../src/platform/database/transaction.js';
import { DueWork } from '../../src/platform/jobs/due-work.js';
import { OwedWork } from '../../src/platform/jobs/owed-work.js';
import type { Task, TaskClaim } from '../../src/platform/jobs/task.js';
import { TaskReadModel } from '../../src/platform/jobs/tasks.read-model.js';
import { Tasks } from '../../src/platform/jobs/tasks.service.js';
import { type NewTask, TaskStore } from '../../src/platform/jobs/tasks.store.js';
import { jobsWorld, type JobsWorld, startJobs } from '../support/jobs-context.js';

const NEW_TASK: NewTask = { tenantId: 'tenant-1', queueKey: 'key-1', taskType: 'work', description: 'some work' };

describe('the rows of owed tasks', () => {
  let world: JobsWorld;
  let context: TestingModule;

  const inTransaction = <T>(work: (store: TaskStore, tx: Transaction) => Promise<T>): Promise<T> =>
    context.get(Database).transaction((tx) => work(context.get(TaskStore), tx));
  const create = (changes: Partial<NewTask> = {}): Promise<Task> =>
    context.get(Database).transaction((tx) => context.get(Tasks).create(tx, { ...NEW_TASK, ...changes }));
  const claim = (task: Task): Promise<Task | null> => inTransaction((store, tx) => store.claim(tx, task.id));
  const age = (task: Task, column: 'heartbeat_at' | 'enqueued_at'): Promise<unknown> =>
    context.get(Database).query(`update tasks set ${column} = now() - interval '1 minute' where id = $1`, [task.id]);

  beforeEach(async () => {
    world = await jobsWorld('postgres');
    context = await startJobs(world, { role: 'api', tasks: { work: () => Promise.resolve({}) } });
  });
  afterEach(async () => {
    await context.close();
    await world.release();
  });

  it('are taken over from a process that fell silent, whose late writes change nothing', async () => {
    const task = await create();
    const frozen = await claim(task);
    expect(await claim(task)).toBeNull();
    await age(task, 'heartbeat_at');
    const taker = await claim(task);
    expect([frozen?.generation, taker?.generation, taker?.attempts]).toEqual(['1', '2', 2]);
    const old: TaskClaim = { id: task.id, generation: '1' };
    const current: TaskClaim = { id: task.id, generation: '2' };
    expect(await inTransaction((store, tx) => store.beat(tx, old))).toBe(false);
    expect(await inTransaction((store, tx) => store.progress(tx, old, 0.9))).toBe(false);
    expect(await inTransaction((store, tx) => store.finish(tx, old, { status: 'SUCCESS', result: { stale: true } }))).toBe(false);
    expect(await inTransaction((store, tx) => store.giveBack(tx, old, { dueAt: new Date(), reason: null, counted: true }))).toBe(false);
    await expect(inTransaction((store, tx) => store.assertOwned(tx, old))).rejects.toMatchObject({ reason: 'not-owner' });
    await inTransaction((store, tx) => store.assertOwned(tx, current));
    expect(await inTransaction((store, tx) => store.finish(tx, current, { status: 'SUCCESS', result: { fresh: true } }))).toBe(true);
    expect(await inTransaction((store, tx) => store.finish(tx, current, { status: 'FAILURE', error: 'too late' }))).toBe(false);
    expect(await inTransaction((store, tx) => store.find(tx, task.id))).toMatchObject({ status: 'SUCCESS', result: { fresh: true }, error: null });
  });

  it('are claimed by exactly one of many that try at once', async () => {
    const task = await create();
    const claims = await Promise.all(Array.from({ length: 8 }, () => claim(task)));
    expect(claims.filter((claimed) => claimed !== null)).toHaveLength(1);
  });

  it('start counting their attempts anew whenever they get further than ever before, and only then', async () => {
    const task = await create();
    const attempt = async (fraction: number): Promise<number | undefined> => {
      const claimed = await claim(task);
      if (!claimed) throw new Error('nobody could take the task over');
      await inTransaction((store, tx) => store.progress(tx, claimed, fraction));
      await age(task, 'heartbeat_at');
      return (await inTransaction((store, tx) => store.find(tx, task.id)))?.attempts;
    };
    expect([await attempt(0.2), await attempt(0.2), await attempt(0.1), await attempt(0.3), await attempt(0.3)]).toEqual([0, 1, 2, 0, 1]);
  });

  it('cannot be taken over while an effect of their run is being committed', async () => {
    const task = await create();
    await claim(task);
    await age(task, 'heartbeat_at');
    const order: string[] = [];
    const taken = await inTransaction(async (store, tx) => {
      await store.assertOwned(tx, { id: task.id, generation: '1' });
      const takeover = claim(task).then((taker) => {
        order.push('taken over');
        return taker;
      });
      await context.get(Database).query('select pg_sleep(0.2)');
      order.push('effect');
      return { takeover };
    });
    expect((await taken.takeover)?.generation).toBe('2');
    expect(order).toEqual(['effect', 'taken over']);
  });

  it('are taken for their queue by one of several loops, and again only after a while', async () => {
    const tasks = await Promise.all(Array.from({ length: 10 }, () => create()));
    const take = () => inTransaction((store, tx) => store.takeDue(tx, 7));
    const taken = (await Promise.all([take(), take()])).flat().map(({ id }) => id);
    expect(taken.toSorted()).toEqual(tasks.map(({ id }) => id).toSorted());
    expect(await take()).toEqual([]);
    for (const task of tasks.slice(0, 1)) await age(task, 'enqueued_at');
    expect((await take()).map(({ id }) => id)).toEqual([tasks[0]?.id]);
  });

  it('are refused when nobody handles their type', async () => {
    await expect(create({ taskType: 'unheard-of' })).rejects.toThrow("No handler is registered for tasks of type 'unheard-of'.");
  });

  it('are shown to their tenant alone, newest first', async () => {
    const mine = [await create(), await create()];
    const other = await create({ tenantId: 'tenant-2' });
    const readModel = context.get(TaskReadModel);
    const page = { limit: 10, offset: 0 };
    expect((await readModel.list({ tenantId: 'tenant-1' }, page)).map(({ id }) => id)).toEqual(mine.map(({ id }) => id).toReversed());
    expect(await readModel.count({ tenantId: 'tenant-1', statuses: ['PENDING'], taskTypes: ['work'] })).toBe(2);
    expect(await readModel.find('tenant-1', other.id)).toBeNull();
    expect(await readModel.find(null, other.id)).toMatchObject({ tenantId: 'tenant-2' });
  });

  it('do not keep the loop from asking every source what it owes, nor does a source that fails', async () => {
    const asked: string[] = [];
    const owed = context.get(OwedWork);
    owed.register({ name: 'broken', enqueueDue: () => Promise.reject(new Error('on purpose')) });
    owed.register({ name: 'schedules', enqueueDue: () => Promise.resolve(asked.push('schedules')) });
    await expect(context.get(DueWork).turn()).rejects.toThrow('1 kinds of owed work could not be enqueued');
    expect(asked).toEqual(['schedules']);
  });
});
