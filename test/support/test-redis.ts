import { Redis } from 'ioredis';
import { TEST_SERVERS } from './test-environment.js';

export interface RedisForTest {
  /** Includes the number of a database that nobody else of this run uses. */
  readonly url: string;
  /** Empties that database. */
  release(): Promise<void>;
}

export type QueueBackend = 'postgres' | 'redis';

/** For `describe.each(queueBackends)`: without a redis-server on the machine only PostgreSQL, and `npm test` says so. */
export const queueBackends: readonly QueueBackend[] = process.env[TEST_SERVERS.redis] === undefined ? ['postgres'] : ['postgres', 'redis'];

/** An empty Redis database of its own. Throws when this run has no Redis: ask `queueBackends` first. */
export async function redisForTest(): Promise<RedisForTest> {
  const server = process.env[TEST_SERVERS.redis];
  if (server === undefined) throw new Error('This run has no Redis.');
  const number = await withRedis(server, (redis) => redis.incr('databases-given'));
  const url = `${server}/${number}`;
  return {
    url,
    release: () =>
      withRedis(url, async (redis) => {
        await redis.flushdb();
      }),
  };
}

async function withRedis<T>(url: string, work: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url);
  return work(redis).finally(() => redis.disconnect());
}
