import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { Drain } from '../../src/platform/http/drain.js';
import { HealthChecks } from '../../src/platform/observability/health-checks.js';
import { ProbeController } from '../support/probe.controller.js';
import { startTestApp, type TestApp, type TestAppParts } from '../support/test-app.js';
import { cloneDatabase, type TestDatabase } from '../support/test-database.js';

let database: TestDatabase;
let running: TestApp[] = [];

beforeAll(async () => {
  database = await cloneDatabase();
});
afterEach(async () => {
  await Promise.all(running.map((app) => app.close()));
  running = [];
});
afterAll(() => database.drop());

async function start(env: TestAppParts['env'] = {}): Promise<TestApp> {
  const app = await startTestApp({ controllers: [ProbeController], env: { DATABASE_URL: database.serviceUrl, ...env } });
  running.push(app);
  return app;
}

const get = ({ app }: TestApp, url: string, accept = '*/*') => app.inject({ method: 'GET', url, headers: { accept } });

describe('health', () => {
  it('is 200 with every check measured while all is well', async () => {
    const probe = await start();
    const answer = await get(probe, '/health');
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({
      status: 'healthy',
      checks: {
        database: { status: 'healthy', critical: true, duration_ms: expect.any(Number) },
        loops: { status: 'healthy', critical: true, duration_ms: expect.any(Number) },
      },
    });
    expect((await get(probe, '/readyz')).json()).toEqual({ status: 'ready' });
  });

  it('is 503 while the database is away, and says no more than a code about it; the process is alive', async () => {
    const probe = await start({ DATABASE_URL: 'postgresql://service:canary@127.0.0.1:1/orders' });
    const answer = await get(probe, '/health');
    expect(answer.statusCode).toBe(503);
    expect(answer.json()).toMatchObject({ status: 'unhealthy', checks: { database: { status: 'unhealthy', error: 'ECONNREFUSED' } } });
    expect(answer.body).not.toMatch(/canary|127\.0\.0\.1/);
    expect((await get(probe, '/readyz')).statusCode).toBe(503);
    expect((await get(probe, '/livez')).statusCode).toBe(200);
  });

  it('is degraded, and the process ready, while something fails it can work without', async () => {
    const probe = await start();
    probe.app.get(HealthChecks).register('allegro', () => Promise.reject(new Error('host api.internal is down')), { critical: false });
    const answer = await get(probe, '/health');
    expect([answer.statusCode, answer.json<{ status: string }>().status]).toEqual([200, 'degraded']);
    expect(answer.body).not.toContain('internal');
    expect((await get(probe, '/readyz')).statusCode).toBe(200);
  });

  it('gives up on a check that hangs', async () => {
    const probe = await start();
    probe.app.get(HealthChecks).register('queue', () => new Promise(() => undefined), { critical: true });
    const answer = await get(probe, '/health');
    expect(answer.statusCode).toBe(503);
    expect(answer.json()).toMatchObject({ checks: { queue: { status: 'unhealthy', error: 'timeout' } } });
  });

  it('asks its checks once a second, however often it is asked', async () => {
    const probe = await start();
    let asked = 0;
    const check = (): Promise<undefined> => {
      asked += 1;
      return Promise.resolve(undefined);
    };
    probe.app.get(HealthChecks).register('counted', check, { critical: true });
    await Promise.all(Array.from({ length: 50 }, () => get(probe, '/health')));
    expect(asked).toBe(1);
  });

  it('is 503 from the moment the process is told to stop', async () => {
    const probe = await start();
    const drain = probe.app.get(Drain);
    drain.begin();
    drain.release();
    expect((await get(probe, '/readyz')).statusCode).toBe(503);
    expect((await get(probe, '/health')).json()).toMatchObject({ status: 'stopping' });
    expect((await get(probe, '/livez')).statusCode).toBe(200);
  });
});

describe('a process in the background', () => {
  it.each(['worker', 'scheduler'])('serves health and metrics, and nothing else: %s', async (ROLE) => {
    const probe = await start({ ROLE });
    for (const path of ['/livez', '/readyz', '/health', '/metrics']) expect((await get(probe, path)).statusCode).toBe(200);
    for (const path of ['/', '/docs', '/api/v1/probe', '/api/v1/probe/public']) expect((await get(probe, path)).statusCode).toBe(404);
  });
});

describe('metrics', () => {
  it('measure requests by the route, never by the address', async () => {
    const probe = await start();
    await get(probe, '/api/v1/probe/public?x=1');
    await get(probe, '/api/v1/probe/items/order-77');
    await get(probe, '/api/v1/nothing/here');
    const answer = await get(probe, '/metrics');
    expect(answer.headers['content-type']).toMatch(/^text\/plain/);
    expect(answer.body).toContain('http_request_duration_seconds_count{method="GET",route="/api/v1/probe/public",status="200"} 1');
    expect(answer.body).toContain('route="/api/v1/probe/items/:id"');
    expect(answer.body).not.toContain('order-77');
    expect(answer.body).not.toContain('nothing');
    expect(answer.body).toContain('nodejs_eventloop_lag_p99_seconds');
  });
});

describe('a database that forgets commits in a crash', () => {
  const asOwner = async (statement: string): Promise<void> => {
    const owner = new pg.Client(database.ownerUrl);
    await owner.connect();
    await owner.query(statement).finally(() => owner.end());
  };

  beforeAll(() => asOwner(`alter database ${database.name} set synchronous_commit = off`));
  afterAll(() => asOwner(`alter database ${database.name} reset synchronous_commit`));

  it('is refused in production', async () => {
    await expect(start({ NODE_ENV: 'production' })).rejects.toThrow(/runs with synchronous_commit=off/);
  });

  it('is warned of elsewhere', async () => {
    const probe = await start();
    expect(probe.logLines.filter((line) => line.includes('NOT DURABLE'))).toEqual([expect.stringContaining('synchronous_commit=off')]);
  });
});

describe('production', () => {
  const env = { NODE_ENV: 'production' };

  it('serves as a role that grants bind', async () => {
    const probe = await start(env);
    expect((await get(probe, '/health')).statusCode).toBe(200);
    expect((await get(probe, '/health')).headers['strict-transport-security']).toMatch(/^max-age=\d{8,}/);
  });

  it('refuses to start as a superuser', async () => {
    await expect(start({ ...env, DATABASE_URL: database.ownerUrl })).rejects.toThrow(/as a superuser or as the owner/);
  });

  it('refuses to start as the owner of the schema', async () => {
    const owner = new pg.Client(database.ownerUrl);
    await owner.connect();
    const service = owner.escapeIdentifier(new URL(database.serviceUrl).username);
    await owner.query(`alter table audit_entries owner to ${service}`);
    try {
      await expect(start(env)).rejects.toThrow(/as a superuser or as the owner/);
    } finally {
      await owner.query('alter table audit_entries owner to current_user');
      await owner.end();
    }
  });

  it('refuses to start as a member of a superuser role', async () => {
    const owner = new pg.Client(database.ownerUrl);
    await owner.connect();
    const login = new URL(database.serviceUrl);
    login.username = 'half_a_chief';
    login.password = 'only-here';
    await owner.query(
      `create role half_a_chief login password 'only-here'; grant ${owner.escapeIdentifier(new URL(database.ownerUrl).username)} to half_a_chief`,
    );
    try {
      await expect(start({ ...env, DATABASE_URL: login.href })).rejects.toThrow(/as a superuser or as the owner/);
    } finally {
      await owner.query('drop role half_a_chief');
      await owner.end();
    }
  });
});
