import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { TestingModule } from '@nestjs/testing';
import { Worker } from 'bullmq';
import pg from 'pg';
import { Metrics } from '../../src/platform/observability/metrics.js';
import { eventually } from '../support/eventually.js';
import { jobsWorld, type JobsOptions, type JobsWorld, probe, startJobs } from '../support/jobs-context.js';
import { queueBackends } from '../support/test-redis.js';

// Seconds here; a loaded machine may take several times that, and no promise is about it.
jest.setTimeout(60_000);

/** A handler that waits until the test lets it go on, and keeps what it saw. */
class Gate {
  readonly log: string[] = [];
  running = 0;
  most = 0;
  private readonly held: (() => void)[] = [];
  private closed = true;

  readonly pass = async (id: string): Promise<void> => {
    this.log.push(id);
    this.running += 1;
    this.most = Math.max(this.most, this.running);
    if (this.closed) await new Promise<void>((resolve) => this.held.push(resolve));
    this.running -= 1;
  };

  releaseOne(): void {
    this.held.shift()?.();
  }

  open(): void {
    this.closed = false;
    while (this.held.length > 0) this.releaseOne();
  }
}

describe.each(queueBackends)('the two-level queue on %s', (backend) => {
  let world: JobsWorld;
  const contexts: TestingModule[] = [];
  const start = async (options: JobsOptions = {}): Promise<TestingModule> => {
    const context = await startJobs(world, options);
    contexts.push(context);
    return context;
  };

  beforeEach(async () => {
    world = await jobsWorld(backend);
  });
  afterEach(async () => {
    await Promise.all(contexts.splice(0).map((context) => context.close()));
    await world.release();
  });

  it('keeps an add made while the same job is active, and only one of several', async () => {
    const gate = new Gate();
    const context = await start({ probe: gate.pass });
    await probe(context, 'a', '1');
    await eventually('the job runs', () => gate.running === 1);
    for (let add = 0; add < 3; add += 1) await probe(context, 'a', '1');
    gate.open();
    await eventually('the kept one runs', () => gate.log.length === 2);
    await probe(context, 'a', 'last');
    await eventually('everything ran', () => gate.log.includes('last'));
    expect(gate.log).toEqual(['1', '1', 'last']);
  });

  it('is taken from again after the dispatcher ended, which is counted as a failure', async () => {
    const gate = new Gate();
    gate.open();
    jest.spyOn(Worker.prototype, 'run').mockRejectedValueOnce(new Error('ended'));
    const context = await start({ probe: gate.pass });
    await probe(context, 'a', '1');
    await eventually('the job ran', () => gate.log.length === 1);
    expect(await context.get(Metrics).registry.getSingleMetricAsString('loop_failures_total')).toContain('loop_failures_total{loop="dispatcher"} 1');
  });

  it('adds a job once, however often it is added before it starts', async () => {
    const gate = new Gate();
    const adder = await start({ role: 'api' });
    for (let add = 0; add < 5; add += 1) await probe(adder, 'a', '1');
    await probe(adder, 'a', 'last');
    gate.open();
    await start({ probe: gate.pass });
    await eventually('everything ran', () => gate.log.includes('last'));
    expect(gate.log).toEqual(['1', 'last']);
  });

  it('runs one job of a key at a time over all processes, and different keys at once', async () => {
    const gates = { a: new Gate(), b: new Gate() };
    const pass = (id: string) => (id.startsWith('a') ? gates.a : gates.b).pass(id);
    const first = await start({ probe: pass });
    await start({ probe: pass });
    for (const id of ['a1', 'a2', 'a3', 'a4']) await probe(first, 'a', id);
    for (const id of ['b1', 'b2']) await probe(first, 'b', id);
    await eventually('both keys run', () => gates.a.running === 1 && gates.b.running === 1);
    gates.a.open();
    gates.b.open();
    await eventually('everything ran', () => gates.a.log.length === 4 && gates.b.log.length === 2);
    expect([gates.a.most, gates.b.most]).toEqual([1, 1]);
  });

  it('takes turns between keys: a long backlog of one does not hold up the other', async () => {
    const gate = new Gate();
    const adder = await start({ role: 'api' });
    for (let job = 1; job <= 6; job += 1) await probe(adder, 'busy', `busy-${job}`);
    await probe(adder, 'quiet', 'quiet-1');
    gate.open();
    await start({ probe: gate.pass, concurrency: 1 });
    await eventually('everything ran', () => gate.log.length === 7);
    expect(gate.log.indexOf('quiet-1')).toBe(1);
  });

  it('holds as many connections with 200 keys as with one', async () => {
    const gate = new Gate();
    gate.open();
    const context = await start({ probe: gate.pass });
    await probe(context, 'key-0', '0');
    await eventually('the first ran', () => gate.log.length === 1);
    await Promise.all(Array.from({ length: 199 }, (_, key) => probe(context, `key-${key + 1}`, String(key + 1))));
    await eventually('all ran', () => gate.log.length === 200);
    expect(await connections(world)).toBeLessThanOrEqual(backend === 'redis' ? 3 : 6);
  });

  it('leaves nothing behind of keys that have no work', async () => {
    const gate = new Gate();
    gate.open();
    const context = await start({ probe: gate.pass });
    for (let key = 0; key < 20; key += 1) await probe(context, `key-${key}`, 'x');
    await eventually('all ran', () => gate.log.length === 20);
    await eventually('the queues are empty', async () => (await leftovers(world)) === 0);
  });

  it('goes on with the next job after one that threw', async () => {
    const seen: string[] = [];
    const context = await start({
      probe: async (id) => {
        seen.push(id);
        if (id === 'bad') throw new Error('on purpose');
      },
    });
    await probe(context, 'a', 'bad');
    await probe(context, 'a', 'good');
    await eventually('both ran', () => seen.length === 2);
    expect(seen).toEqual(['bad', 'good']);
  });

  it('tells running jobs to stop at shutdown, waits for them, and takes no more', async () => {
    const seen: string[] = [];
    const context = await start({
      probe: async (id, { signal }) => {
        seen.push(`${id} started`);
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        seen.push(`${id} stopped`);
      },
    });
    await probe(context, 'a', '1');
    await probe(context, 'a', '2');
    await eventually('it runs', () => seen.length === 1);
    await context.close();
    contexts.splice(contexts.indexOf(context), 1);
    expect(seen).toEqual(['1 started', '1 stopped']);
    const gate = new Gate();
    gate.open();
    await start({ probe: gate.pass });
    await eventually('the other one runs elsewhere', () => gate.log.length > 0);
    expect(gate.log).toEqual(['2']);
  });
});

async function asOwner<T>(world: JobsWorld, sql: string): Promise<T[]> {
  const client = new pg.Client(world.database.ownerUrl);
  await client.connect();
  const { rows } = await client.query(sql).finally(() => client.end());
  return rows as T[];
}

async function connections(world: JobsWorld): Promise<number> {
  if (world.redisUrl === null) {
    const sql = `select count(*)::int as n from pg_stat_activity where datname = current_database() and application_name in ('order-log queues', 'dispatch')`;
    return (await asOwner<{ n: number }>(world, sql))[0]?.n ?? 0;
  }
  const { Redis } = await import('ioredis');
  const redis = new Redis(world.redisUrl);
  const list = String(await redis.client('LIST'));
  const own = /db=(\d+)/.exec(list.split('\n').find((line) => line.includes('cmd=client')) ?? '')?.[1];
  redis.disconnect();
  return list.split('\n').filter((line) => line.includes(` db=${own} `) && !line.includes('cmd=client')).length;
}

/** Jobs, signals and sequences left in the queues' datastore, apart from a few fields of each queue. */
async function leftovers(world: JobsWorld): Promise<number> {
  if (world.redisUrl === null) {
    const sql = `select (select count(*) from bullmq.job)::int + (select count(*) from bullmq.dedup)::int
      + (select count(*) from pg_sequences where schemaname = 'bullmq' and sequencename not in ('job_seq', 'event_seq', 'relay_mid_seq', 'relay_inbox_id_seq'))::int as n`;
    return (await asOwner<{ n: number }>(world, sql))[0]?.n ?? 0;
  }
  const { Redis } = await import('ioredis');
  const redis = new Redis(world.redisUrl);
  const keys = (await redis.keys('*')).filter((key) => !/:(meta|id|events|marker|stalled-check)$/.test(key));
  redis.disconnect();
  return keys.length;
}
