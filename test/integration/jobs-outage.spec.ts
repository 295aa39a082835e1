import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { TestingModule } from '@nestjs/testing';
import { HealthChecks } from '../../src/platform/observability/health-checks.js';
import { Metrics } from '../../src/platform/observability/metrics.js';
import { Database } from '../../src/platform/database/database.js';
import { DueWork } from '../../src/platform/jobs/due-work.js';
import { TaskReadModel } from '../../src/platform/jobs/tasks.read-model.js';
import { Tasks } from '../../src/platform/jobs/tasks.service.js';
import { freePort } from '../../launcher/free-port.js';
import { eventually } from '../support/eventually.js';
import { type JobsOptions, jobsWorld, type JobsWorld, probe, startJobs } from '../support/jobs-context.js';
import { queueBackends } from '../support/test-redis.js';
import { startTestRedis, type TestRedis } from '../support/redis-server.js';

/** A request that created a task must not wait for a queue that is away; far below the clients' 10 s. */
const QUICK_MS = 3_000;
/** Start-up waits two seconds for Redis, the owed work up to a second more, on a busy machine. */
const TEST_TIMEOUT_MS = 30_000;

const contexts: TestingModule[] = [];
afterEach(async () => {
  await Promise.all(contexts.splice(0).map((context) => context.close()));
});

async function started(world: JobsWorld, options: JobsOptions): Promise<TestingModule> {
  const context = await startJobs(world, options);
  contexts.push(context);
  return context;
}

const owe = (context: TestingModule) =>
  context.get(Database).transaction((tx) => context.get(Tasks).create(tx, { tenantId: 't', queueKey: 'k', taskType: 'work', description: 'work' }));
const statusOf = async (context: TestingModule, id: string) => (await context.get(TaskReadModel).find('t', id))?.status;
const work = { work: () => Promise.resolve({}) };

describe('start-up', () => {
  it('refuses a job of the catalogue that nobody handles, and a handler that is in no catalogue', async () => {
    const world = await jobsWorld('postgres');
    try {
      await expect(startJobs(world, { role: 'api', names: ['run-task', 'probe', 'forgotten'] })).rejects.toThrow("the job 'forgotten' has no handler");
      await expect(startJobs(world, { role: 'api', names: ['run-task'] })).rejects.toThrow("the handler of 'probe' is not in the catalogue");
    } finally {
      await world.release();
    }
  });
});

const withRedis = queueBackends.includes('redis');

if (withRedis)
  describe('while Redis is away', () => {
    let world: JobsWorld;
    let redis: TestRedis;

    beforeEach(async () => {
      const server = await startTestRedis();
      if (server === null) throw new Error('this run has no redis-server');
      redis = server;
      world = { ...(await jobsWorld('postgres')), redisUrl: redis.url };
    });
    afterEach(async () => {
      await redis.stop();
      await world.release();
    });

    it('a task is created quickly, the trouble is shown, and the process stays ready', async () => {
      const context = await started(world, { role: 'all', tasks: work });
      await redis.stop();
      await eventually('the lost connection is noticed', async () => (await context.get(HealthChecks).report()).checks['queues']?.status === 'unhealthy');
      const askedAt = performance.now();
      const task = await owe(context);
      await context.get(Tasks).wake(task);
      expect(performance.now() - askedAt).toBeLessThan(QUICK_MS);
      await expect(probe(context, 'k', '1')).rejects.toMatchObject({ code: 'QUEUE_UNAVAILABLE', status: 503, retry: 'later' });
      await context.get(DueWork).turn();
      expect(await statusOf(context, task.id)).toBe('PENDING');
      expect((await context.get(HealthChecks).report()).status).toBe('degraded');
      expect(await context.get(Metrics).registry.getSingleMetricAsString('jobs_enqueue_failures_total')).toContain('jobs_enqueue_failures_total 2');
    });

    it(
      'the process starts and stops all the same',
      async () => {
        await redis.stop();
        const context = await startJobs(world, { role: 'all', tasks: work });
        const task = await owe(context);
        await context.get(Tasks).wake(task);
        const askedAt = performance.now();
        await context.close();
        expect(performance.now() - askedAt).toBeLessThan(10_000);
      },
      TEST_TIMEOUT_MS,
    );
  });

if (withRedis)
  describe('when Redis comes back', () => {
    it(
      'what was owed meanwhile runs',
      async () => {
        const world = await jobsWorld('postgres');
        const port = await freePort();
        const context = await started({ ...world, redisUrl: `redis://127.0.0.1:${port}` }, { role: 'all', tasks: work });
        const task = await owe(context);
        await context.get(Tasks).wake(task);
        const redis = await startTestRedis(port);
        await eventually('it ran', async () => (await statusOf(context, task.id)) === 'SUCCESS');
        await Promise.all(contexts.splice(0).map((open) => open.close()));
        await redis?.stop();
        await world.release();
      },
      TEST_TIMEOUT_MS,
    );
  });
