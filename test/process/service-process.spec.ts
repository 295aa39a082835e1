import { Agent, get as httpGet } from 'node:http';
import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { bearer, tokenOf } from '../support/access-tokens.js';
import { testEnvironment } from '../support/environment.js';
import { eventually } from '../support/eventually.js';
import { type ServiceProcess, startServiceProcess } from '../support/service-process.js';
import { cloneDatabase, type TestDatabase } from '../support/test-database.js';

/** Several starts of the whole service, each some seconds on a busy machine. */
const PATIENCE_MS = 90_000;

let database: TestDatabase;
let started: ServiceProcess[] = [];

beforeAll(async () => {
  database = await cloneDatabase();
});
afterEach(async () => {
  for (const service of started) service.signal('SIGKILL');
  await Promise.all(started.map((service) => service.ended));
  started = [];
});
afterAll(() => database.drop());

async function start(changes: Readonly<Record<string, string | undefined>> = {}): Promise<ServiceProcess> {
  const service = await startServiceProcess(testEnvironment({ DATABASE_URL: database.serviceUrl, DATABASE_POOL_SIZE: '4', LOG_LEVEL: 'info', ...changes }));
  started.push(service);
  return service;
}

interface Outcome {
  readonly status?: number;
  readonly error?: string;
}

const ask = (url: string, agent: Agent): Promise<Outcome> =>
  new Promise((resolve) => {
    const request = httpGet(url, { agent, headers: bearer(tokenOf('a')) }, (response) => {
      response.resume();
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0 });
      });
      response.on('error', (error: NodeJS.ErrnoException) => {
        resolve({ error: error.code ?? 'error' });
      });
    });
    request.on('error', (error: NodeJS.ErrnoException) => {
      resolve({ error: error.code ?? 'error' });
    });
  });

describe('a start with bad configuration', () => {
  it(
    'ends with 1, names every mistake at once and prints no value and no stack',
    async () => {
      const service = await start({ JWT_SECRET: 'canary-short', MASTER_KEYS: 'k1:canary', HASH_PEPPER: undefined, PORT: 'canary' });
      expect(service.url).toBeNull();
      expect(await service.ended).toBe(1);
      for (const name of ['JWT_SECRET', 'MASTER_KEYS', 'HASH_PEPPER', 'PORT']) expect(service.stderr()).toContain(name);
      expect(service.stderr() + service.stdout()).not.toMatch(/canary|\n {4}at /);
    },
    PATIENCE_MS,
  );

  it(
    'touches nothing: not even a connection to the database was tried',
    async () => {
      const owner = new pg.Client(database.ownerUrl);
      await owner.connect();
      const connections = async () =>
        (await owner.query<{ sessions: string }>('select sessions from pg_stat_database where datname = current_database()')).rows[0]?.sessions;
      const before = await connections();
      const service = await start({ MASTER_KEYS: `k1:${Buffer.alloc(32).toString('base64')}` });
      expect(await service.ended).toBe(1);
      expect(service.stderr()).toContain('MASTER_KEYS');
      expect(await connections()).toBe(before);
      await owner.end();
    },
    PATIENCE_MS,
  );

  it(
    'refuses a demo in production',
    async () => {
      const service = await start({ NODE_ENV: 'production', DEMO_MODE: 'true' });
      expect(await service.ended).toBe(1);
      expect(service.stderr()).toContain('DEMO_MODE');
    },
    PATIENCE_MS,
  );

  it(
    'refuses to serve production as a superuser, and says so in the log',
    async () => {
      const service = await start({ NODE_ENV: 'production', DATABASE_URL: database.ownerUrl });
      expect(await service.ended).toBe(1);
      expect(service.stdout() + service.stderr()).toMatch(/connects as a superuser/);
    },
    PATIENCE_MS,
  );
});

describe('a running service', () => {
  it(
    'answers at the address it told, logs JSON alone, and ends with 0 at SIGTERM while clients go on calling, none of them reset',
    async () => {
      const service = await start();
      const url = service.url ?? '';
      const outcomes: Outcome[] = [];
      const agents: Agent[] = [];
      const clients = Array.from({ length: 10 }, async () => {
        const agent = new Agent({ keepAlive: true, maxSockets: 1 });
        agents.push(agent);
        for (;;) {
          const outcome = await ask(`${url}/api/v1/tokens`, agent);
          outcomes.push(outcome);
          if (outcome.error !== undefined) return;
        }
      });
      await eventually('the clients are served', () => outcomes.filter(({ status }) => status === 200).length > 100);
      const startedAt = performance.now();
      service.signal('SIGTERM');
      expect(await service.ended).toBe(0);
      const tookMs = performance.now() - startedAt;
      await Promise.all(clients);
      for (const agent of agents) agent.destroy();
      expect(tookMs).toBeLessThan(10_000);
      expect(outcomes.filter(({ status }) => status !== undefined && status !== 200)).toEqual([]);
      expect(new Set(outcomes.flatMap(({ error }) => error ?? []))).toEqual(new Set(['ECONNREFUSED']));
      for (const line of service.stdout().trimEnd().split('\n'))
        expect(JSON.parse(line)).toMatchObject({ level: expect.any(String), module: expect.any(String) });
      expect(service.stderr()).toBe('');
    },
    PATIENCE_MS,
  );

  it(
    'ends within 10 s though a client holds a request open that never arrives',
    async () => {
      const service = await start();
      const { port, hostname } = new URL(service.url ?? '');
      const socket = connect(Number(port), hostname);
      socket.on('error', () => undefined);
      socket.write('POST /api/v1/tokens HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n');
      await eventually('the connection stands', () => socket.readyState === 'open');
      const startedAt = performance.now();
      service.signal('SIGINT');
      expect(await service.ended).toBe(0);
      expect(performance.now() - startedAt).toBeLessThan(10_000);
      socket.destroy();
    },
    PATIENCE_MS,
  );
});
