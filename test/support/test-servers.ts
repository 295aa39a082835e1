import { randomBytes } from 'node:crypto';
import { startEmbeddedPostgres } from '../../launcher/embedded-postgres.js';
import { migrate } from '../../src/platform/database/migrate.js';
import { startTestRedis } from './redis-server.js';
import { TEMPLATE_DATABASE, TEST_SERVERS } from './test-environment.js';

export interface TestServers {
  stop(): Promise<void>;
}

/** Starts the servers of one jest run and tells the test files about them through the environment their processes inherit. */
export async function startTestServers(): Promise<TestServers> {
  const [postgres, redis] = await Promise.all([startEmbeddedPostgres(), startTestRedis()]);
  const stop = async (): Promise<void> => {
    await Promise.all([postgres.stop(), redis?.stop()]);
  };
  try {
    const ownerUrl = postgres.ownerUrl(TEMPLATE_DATABASE);
    const serviceUrl = asService(ownerUrl);
    process.env[TEST_SERVERS.owner] = ownerUrl;
    process.env[TEST_SERVERS.service] = serviceUrl;
    if (redis !== null) process.env[TEST_SERVERS.redis] = redis.url;
    await createDatabase(postgres.ownerUrl(), TEMPLATE_DATABASE);
    await migrate(ownerUrl, serviceUrl);
  } catch (error) {
    await stop();
    throw error;
  }
  return { stop };
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
