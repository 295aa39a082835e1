import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TestingModule } from '@nestjs/testing';
import { AllegroAuthClient } from '../../src/allegro/allegro-auth.client.js';
import { AllegroHealth } from '../../src/allegro/allegro-health.service.js';
import { AllegroOrdersClient } from '../../src/allegro/allegro-orders.client.js';
import { AllegroModule } from '../../src/allegro/allegro.module.js';
import { ACCESS_TOKEN, problemOf } from '../support/allegro-client.js';
import { json, startFakeAllegro, type FakeAllegro } from '../support/fake-allegro.js';
import { startContext } from '../support/service-context.js';
import { cloneDatabase, type TestDatabase } from '../support/test-database.js';
import { queueBackends, redisForTest, type RedisForTest } from '../support/test-redis.js';

const CALL = { accountKey: '1', share: 'live' } as const;

describe.each(queueBackends)('two processes with their budget on %s', (backend) => {
  let allegro: FakeAllegro;
  let database: TestDatabase;
  let redis: RedisForTest | null = null;
  let processes: TestingModule[];

  beforeAll(async () => {
    [allegro, database] = await Promise.all([startFakeAllegro(), cloneDatabase()]);
    if (backend === 'redis') redis = await redisForTest();
    const settings = { ALLEGRO_API_URL: allegro.url, ALLEGRO_AUTH_URL: allegro.url, ...(redis === null ? {} : { REDIS_URL: redis.url }) };
    const start = (): Promise<TestingModule> => startContext(database, { imports: [AllegroModule] }, settings);
    processes = await Promise.all([start(), start()]);
  });

  afterAll(async () => {
    await Promise.all(processes.map((context) => context.close()));
    await Promise.all([allegro.close(), redis?.release()]);
    await database.drop();
  });

  const events = (context: TestingModule | undefined): Promise<unknown> =>
    (context as TestingModule).get(AllegroOrdersClient).events(ACCESS_TOKEN, { limit: 1 }, CALL);

  it("work side by side as the service's lesser role, and stop together at a 429 of one of them", async () => {
    allegro.reply = json({ events: [] });
    await Promise.all(processes.map(events));
    const [one, two] = processes;
    expect(one?.get(AllegroHealth).allegroStatus()).toBe('up');
    allegro.reply = json({}, 429, { 'retry-after': '120' });
    expect((await problemOf(events(one))).retryAfterSeconds).toBe(120);
    // From here on Allegro would answer: only what the first process shared can hold the second one back.
    allegro.reply = json({ events: [] });
    // The other process looks at the shared stop at least twice a second.
    while (two?.get(AllegroHealth).allegroStatus() === 'up') await events(two).catch(() => undefined);
    const sent = allegro.requests.length;
    expect(await problemOf(events(two))).toMatchObject({ kind: 'throttled', retryAfterSeconds: expect.any(Number) });
    expect((await problemOf((two as TestingModule).get(AllegroAuthClient).requestDeviceCode())).kind).toBe('throttled');
    expect(allegro.requests).toHaveLength(sent);
    expect(two?.get(AllegroHealth).allegroStatus()).toBe('down');
  });
});
