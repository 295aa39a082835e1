import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import pg from 'pg';
import { cloneDatabase, type TestDatabase } from '../support/test-database.js';
import { queueBackends, redisForTest } from '../support/test-redis.js';

async function ask<Row extends pg.QueryResultRow>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client(url);
  await client.connect();
  return (await client.query<Row>(sql).finally(() => client.end())).rows;
}

describe('the servers of a test run', () => {
  let first: TestDatabase;
  let second: TestDatabase;

  beforeAll(async () => {
    first = await cloneDatabase();
    second = await cloneDatabase();
  });

  afterAll(async () => {
    await Promise.all([first.drop(), second.drop()]);
  });

  it('gives each test a migrated database that sees nothing of another', async () => {
    await ask(first.ownerUrl, 'create table left_behind (id int)');
    const visible = "select to_regclass('left_behind') is not null as here, to_regclass('schema_migrations') is not null as migrated";
    expect(await ask(first.ownerUrl, visible)).toEqual([{ here: true, migrated: true }]);
    expect(await ask(second.ownerUrl, visible)).toEqual([{ here: false, migrated: true }]);
  });

  it('connects as the service without the rights of a superuser', async () => {
    expect(await ask(first.serviceUrl, "select current_setting('is_superuser') as superuser")).toEqual([{ superuser: 'off' }]);
  });

  it('writes as durably as production must', async () => {
    const settings =
      "select current_setting('fsync') as fsync, current_setting('synchronous_commit') as commits, current_setting('listen_addresses') as address";
    expect(await ask(first.ownerUrl, settings)).toEqual([{ fsync: 'on', commits: 'on', address: '127.0.0.1' }]);
  });

  it('forgets a database that was dropped while somebody was connected', async () => {
    const third = await cloneDatabase();
    const client = new pg.Client(third.ownerUrl).on('error', () => undefined);
    await client.connect();
    await third.drop();
    await client.end().catch(() => undefined);
    await expect(ask(third.ownerUrl, 'select 1')).rejects.toThrow(/does not exist/);
  });

  it.each(queueBackends.filter((backend) => backend === 'redis'))('gives each test a %s database of its own', async () => {
    const [one, other] = [await redisForTest(), await redisForTest()];
    const [mine, theirs] = [new Redis(one.url), new Redis(other.url)];
    await mine.set('key', 'value');
    expect(await theirs.exists('key')).toBe(0);
    await Promise.all([one.release(), other.release()]);
    expect(await mine.exists('key')).toBe(0);
    mine.disconnect();
    theirs.disconnect();
  });
});
