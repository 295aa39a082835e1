import { randomBytes } from 'node:crypto';
import { startEmbeddedPostgres } from '../../launcher/embedded-postgres.js';
import { migrate } from '../../src/platform/database/migrate.js';
import { startTestRedis } from './redis-server.js';
import { TEMPLATE_DATABASE, TEST_SERVERS } from './test-environment.js';

export interface TestServers {
  stop(): Promise<void>;
}

interface TestCluster extends TestServers {
  readonly ownerUrl: string;
  readonly serviceUrl: string;
}

/**
 * Starts the servers of one jest run and tells the test files about them through the environment their processes inherit.
 * @param clusters one PostgreSQL for each worker: an open transaction anywhere in a cluster holds every feed of it back
 */
export async function startTestServers(clusters: number): Promise<TestServers> {
  const [redis, ...postgres] = await Promise.all([startTestRedis(), ...Array.from({ length: clusters }, startCluster)]);
  process.env[TEST_SERVERS.owner] = postgres.map(({ ownerUrl }) => ownerUrl).join(' ');
  process.env[TEST_SERVERS.service] = postgres.map(({ serviceUrl }) => serviceUrl).join(' ');
  if (redis !== null) process.env[TEST_SERVERS.redis] = redis.url;
  const servers: readonly TestServers[] = redis === null ? postgres : [redis, ...postgres];
  return {
    stop: async () => {
      await Promise.all(servers.map((server) => server.stop()));
    },
  };
}

async function startCluster(): Promise<TestCluster> {
  const postgres = await startEmbeddedPostgres();
  const ownerUrl = postgres.ownerUrl(TEMPLATE_DATABASE);
  const serviceUrl = asService(ownerUrl);
  try {
    await createDatabase(postgres.ownerUrl(), TEMPLATE_DATABASE);
    await migrate(ownerUrl, serviceUrl);
  } catch (error) {
    await postgres.stop();
    throw error;
  }
  return { ownerUrl, serviceUrl, stop: () => postgres.stop() };
}

function asService(ownerUrl: string): string {
  const url = new URL(ownerUrl);
  url.username = 'order_service_test';
  url.password = randomBytes(24).toString('hex');
  return url.href;
}

async function createDatabase(adminUrl: string, name: string): Promise<void> {
  const { default: pg } = await import('pg');
  const client = new pg.Client(adminUrl);
  await client.connect();
  await client.query(`create database ${name}`).finally(() => client.end());
}
