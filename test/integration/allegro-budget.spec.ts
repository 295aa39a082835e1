import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { Secret } from '../../src/core/secret.js';
import { PostgresBudget } from '../../src/allegro/budget-postgres.client.js';
import { RedisBudget } from '../../src/allegro/budget-redis.client.js';
import type { BudgetStore } from '../../src/allegro/budget-store.js';
import { RequestBudget } from '../../src/allegro/request-budget.js';
import type { RequestStop } from '../../src/allegro/request-stop.js';
import { parseConfiguration } from '../../src/platform/config/configuration.js';
import { MemoryBudget, problemOf } from '../support/allegro-client.js';
import { testEnvironment } from '../support/environment.js';
import { cloneDatabase, type TestDatabase } from '../support/test-database.js';
import { queueBackends, redisForTest, type RedisForTest } from '../support/test-redis.js';

const WINDOW = { seconds: 60, points: 100 };
const STOP: RequestStop = { blockedUntilMs: 1_763_000_000_000, strikes: 2, probeUntilMs: 0 };
const NEVER = new AbortController().signal;

describe.each(queueBackends)('the shared budget on %s', (backend) => {
  let database: TestDatabase;
  let pool: pg.Pool;
  let redis: RedisForTest | null = null;
  const opened: BudgetStore[] = [];
  let statements = 0;

  beforeAll(async () => {
    database = await cloneDatabase();
    pool = new pg.Pool({ connectionString: database.serviceUrl, max: 4 });
    if (backend === 'redis') redis = await redisForTest();
  });

  afterAll(async () => {
    await Promise.all(opened.map((store) => store.close()));
    await pool.end();
    await redis?.release();
    await database.drop();
  });

  /** The store as one more process has it. */
  async function process(clientKey: string): Promise<BudgetStore> {
    const query = async <Row>(sql: string, params: readonly unknown[] = []): Promise<Row[]> => {
      statements += 1;
      return (await pool.query(sql, [...params])).rows as Row[];
    };
    const store = redis === null ? new PostgresBudget({ query }, WINDOW, clientKey) : new RedisBudget(new Secret(redis.url), WINDOW, clientKey);
    opened.push(store);
    for (;;) {
      const ready = await store.readStop().then(
        () => true,
        () => false,
      );
      if (ready) return store;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  it('never grants more than the window to all processes together', async () => {
    const stores = await Promise.all([process('all'), process('all'), process('all')]);
    const grants = await Promise.all(Array.from({ length: 60 }, (_, turn) => (stores[turn % 3] as BudgetStore).take('interactive', 3)));
    const granted = grants.reduce((sum, grant) => sum + grant.granted, 0);
    expect(granted).toBeLessThanOrEqual(100);
    expect(granted).toBeGreaterThan(90);
    expect(Math.min(...grants.map((grant) => grant.windowEndsInMs))).toBeGreaterThan(0);
  });

  it('stops history first, then the live sync, and keeps the rest for people', async () => {
    const store = await process('shares');
    const take = async (share: 'interactive' | 'live' | 'backfill', count: number) => (await store.take(share, count)).granted;
    expect(await take('backfill', 80)).toBe(60);
    expect(await take('backfill', 5)).toBe(0);
    expect(await take('live', 80)).toBe(30);
    expect(await take('live', 5)).toBe(0);
    expect(await take('interactive', 80)).toBe(10);
    expect(await take('interactive', 1)).toBe(0);
  });

  it('keeps the windows of two client ids apart', async () => {
    const [one, two] = await Promise.all([process('one'), process('two')]);
    expect((await one.take('interactive', 100)).granted).toBe(100);
    expect((await two.take('interactive', 100)).granted).toBe(100);
  });

  it('shares the stop between processes, and only one of two writers wins', async () => {
    const [one, two] = await Promise.all([process('stop'), process('stop')]);
    const [seen, alsoSeen] = await Promise.all([one.readStop(), two.readStop()]);
    expect(seen.stop.strikes).toBe(0);
    expect(Math.abs(seen.nowMs - Date.now())).toBeLessThan(60_000);
    const written = await Promise.all([one.writeStop(seen.version, STOP), two.writeStop(alsoSeen.version, { ...STOP, strikes: 9 })]);
    expect(written.filter(Boolean)).toHaveLength(1);
    const now = await two.readStop();
    expect([2, 9]).toContain(now.stop.strikes);
    expect(now.stop.blockedUntilMs).toBe(STOP.blockedUntilMs);
    expect(await one.writeStop(seen.version, STOP)).toBe(false);
    expect(await one.writeStop(now.version, { ...STOP, strikes: 0 })).toBe(true);
  });

  it('costs a burst of requests far fewer statements than requests', async () => {
    const store = await process('burst');
    let asked = 0;
    const counting: BudgetStore = {
      take: (share, count) => ((asked += 1), store.take(share, count)),
      readStop: () => ((asked += 1), store.readStop()),
      writeStop: (version, stop) => store.writeStop(version, stop),
      close: () => store.close(),
    };
    const budget = budgetOf(counting);
    for (let request = 0; request < 80; request += 1) await budget.permit('interactive', NEVER);
    expect(asked).toBeLessThan(30);
    expect(backend === 'postgres' ? statements > 0 : true).toBe(true);
  });
});

function budgetOf(store: BudgetStore, requestsPerMinute = '7200'): RequestBudget {
  return new RequestBudget(parseConfiguration(testEnvironment({ ALLEGRO_REQUESTS_PER_MINUTE: requestsPerMinute })), store);
}

describe('the end of a stop', () => {
  it('gives the one probe to one of many processes, and the rest go on when it was answered', async () => {
    const store = new MemoryBudget();
    store.stop = { blockedUntilMs: store.nowMs - 1, strikes: 3, probeUntilMs: 0 };
    const budgets = Array.from({ length: 5 }, () => budgetOf(store));
    const outcomes = await Promise.allSettled(budgets.flatMap((budget) => [budget.permit('live', NEVER), budget.permit('interactive', NEVER)]));
    const permits = outcomes.filter((outcome) => outcome.status === 'fulfilled');
    expect(permits.map((permit) => permit.value)).toEqual([{ probe: true }]);
    await budgets[0]?.probeEnded(true);
    expect(await budgetOf(store).permit('live', NEVER)).toEqual({ probe: false });
    expect(store.stop.strikes).toBe(0);
  });

  it('is put off a little by a probe that met an outage', async () => {
    const store = new MemoryBudget();
    store.stop = { blockedUntilMs: store.nowMs - 1, strikes: 3, probeUntilMs: 0 };
    const budget = budgetOf(store);
    expect(await budget.permit('live', NEVER)).toEqual({ probe: true });
    await budget.probeEnded(false);
    const { kind, retryAfterSeconds } = await problemOf(budget.permit('live', NEVER));
    expect(kind).toBe('throttled');
    // Five, counted up to whole seconds by two clocks.
    expect([5, 6]).toContain(retryAfterSeconds);
  });
});

describe('the budget without its shared store', () => {
  class AwayStore extends MemoryBudget {
    asked = 0;

    override take(): Promise<never> {
      this.asked += 1;
      return Promise.reject(Object.assign(new Error('redis://:password@host'), { code: 'ECONNREFUSED' }));
    }

    override readStop(): Promise<never> {
      this.asked += 1;
      return Promise.reject(Object.assign(new Error('away'), { code: 'ECONNREFUSED' }));
    }
  }

  it('lets people and the live sync go on slowly and history wait', async () => {
    const budget = budgetOf(new AwayStore());
    expect(await budget.permit('interactive', NEVER)).toEqual({ probe: false });
    expect(await budget.permit('live', NEVER)).toEqual({ probe: false });
    expect(await problemOf(budget.permit('backfill', NEVER))).toMatchObject({
      kind: 'unavailable',
      code: 'ALLEGRO_BUDGET_UNREACHABLE',
      retryAfterSeconds: 10,
    });
    expect(budget.alone).toBe(true);
  });

  it('does not ask the store again for each request', async () => {
    const store = new AwayStore();
    const budget = budgetOf(store);
    for (let request = 0; request < 5; request += 1) await budget.permit('live', NEVER);
    expect(store.asked).toBeLessThan(4);
  });

  it('sends at most a tenth of its share', async () => {
    const budget = budgetOf(new AwayStore(), '60');
    const startedAtMs = performance.now();
    const late = new AbortController();
    const first = await Promise.race([budget.permit('interactive', late.signal), budget.permit('interactive', late.signal)]);
    expect(first).toEqual({ probe: false });
    const second = budget.permit('interactive', late.signal);
    late.abort();
    await expect(second).rejects.toThrow('the wait was ended');
    expect(performance.now() - startedAtMs).toBeLessThan(10_000);
  });

  it('keeps a stop of its own when it cannot be shared', async () => {
    const budget = budgetOf(new AwayStore());
    expect(await budget.throttled(300)).toBe(300);
    expect(await problemOf(budget.permit('interactive', NEVER))).toMatchObject({ kind: 'throttled', retryAfterSeconds: 300 });
  });
});
