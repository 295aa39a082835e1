import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { migrate } from '../../src/platform/database/migrate.js';
import { eventually } from '../support/eventually.js';
import { cloneDatabase, type TestDatabase } from '../support/test-database.js';

/** Below `public` nothing of this test is shared with others: it has a database and a login of its own. */
const EMPTY = `migrated_${randomBytes(6).toString('hex')}`;
const LOGIN = `login_${randomBytes(6).toString('hex')}`;

let database: TestDatabase;
let owner: pg.Client;

function url(given: string, changes: { database?: string; password?: string }): string {
  const changed = new URL(given);
  if (changes.database !== undefined) changed.pathname = `/${changes.database}`;
  if (changes.password !== undefined) [changed.username, changed.password] = [LOGIN, changes.password];
  return changed.href;
}

async function connects(address: string): Promise<boolean> {
  const client = new pg.Client(address);
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end();
  }
}

beforeAll(async () => {
  database = await cloneDatabase();
  owner = new pg.Client(database.ownerUrl);
  await owner.connect();
  await owner.query(`create database ${EMPTY}`);
});

afterAll(async () => {
  await owner.query(`drop database ${EMPTY} with (force)`);
  await owner.query(`drop role if exists ${LOGIN}`);
  await owner.end();
  await database.drop();
});

describe('the migrate step', () => {
  it('is done by one process after the other when several start at once', async () => {
    const [ownerUrl, serviceUrl] = [url(database.ownerUrl, { database: EMPTY }), url(database.ownerUrl, { database: EMPTY, password: 'first' })];
    const elsewhere = new pg.Client(ownerUrl);
    await elsewhere.connect();
    await elsewhere.query(`select pg_advisory_lock(hashtext('migrate the order log'))`);
    const steps = Promise.all([migrate(ownerUrl, serviceUrl), migrate(ownerUrl, serviceUrl), migrate(ownerUrl, serviceUrl)]);
    await eventually('all of them wait', async () => {
      const { rows } = await owner.query<{ waiting: number }>(
        `select count(*)::int as waiting from pg_stat_activity where datname = $1 and wait_event = 'advisory'`,
        [EMPTY],
      );
      return rows[0]?.waiting === 3;
    });
    expect((await elsewhere.query('select to_regnamespace($1) as schema', ['event_log'])).rows).toEqual([{ schema: null }]);
    await elsewhere.end();
    await steps;
    expect(await connects(serviceUrl)).toBe(true);
  }, 60_000);

  it("gives the service's login a rotated password, and leaves one that works alone", async () => {
    const stored = async (): Promise<unknown> => (await owner.query('select rolpassword from pg_authid where rolname = $1', [LOGIN])).rows;
    const before = await stored();
    await migrate(database.ownerUrl, url(database.ownerUrl, { password: 'first' }));
    expect(await stored()).toEqual(before);
    const rotated = url(database.ownerUrl, { password: "se'cond" });
    expect(await connects(rotated)).toBe(false);
    await migrate(database.ownerUrl, rotated);
    expect(await connects(rotated)).toBe(true);
  }, 60_000);
});
