import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { DataKeyCheck } from '../../src/data-protection/data-key-check.service.js';
import { parseConfiguration } from '../../src/platform/config/configuration.js';
import { type MasterKeys, seal } from '../../src/platform/vault/seal.js';
import { testEnvironment } from '../support/environment.js';
import { startContext } from '../support/service-context.js';
import { cloneDatabase, type TestDatabase } from '../support/test-database.js';

const OLD = `old:${randomBytes(32).toString('base64')}`;
const NEW = `new:${randomBytes(32).toString('base64')}`;
const masterKeys = (keys: string): MasterKeys => parseConfiguration(testEnvironment({ MASTER_KEYS: keys })).masterKeys;
const wrapped = (keys: string, owner: string): Buffer => seal(masterKeys(keys), randomBytes(32), `order:1:${owner}`);

let database: TestDatabase;
let owner: pg.Client;

/** An order whose key was wrapped under the first of `keys`. */
async function order(id: string, keys: string): Promise<void> {
  const stream = `insert into event_log.streams (account_id, order_id, version, tip_hash, recorded_at) values (1, $1, 1, '', now()) returning stream_id`;
  const { rows } = await owner.query<{ stream_id: string }>(stream, [id]);
  await owner.query('insert into vault.order_keys (stream_id, account_id, wrapped_key) values ($1, 1, $2)', [rows[0]?.stream_id, wrapped(keys, id)]);
}

const startWith = async (keys: string): Promise<void> => (await startContext(database, { providers: [DataKeyCheck] }, { MASTER_KEYS: keys })).close();

beforeAll(async () => {
  database = await cloneDatabase();
  owner = new pg.Client(database.ownerUrl);
  await owner.connect();
});

afterAll(async () => {
  await owner.end();
  await database.drop();
});

describe('a service whose master keys do not open what is stored', () => {
  it('does not start without the key of any time of the log', async () => {
    await startWith(NEW);
    for (let n = 0; n < 50; n += 1) await order(`o-${String(n)}`, n === 20 ? OLD : NEW);
    await expect(startWith(NEW)).rejects.toThrow(/MASTER_KEYS does not open keys of orders wrapped under the key "old"/);
    await startWith(`${NEW},${OLD}`);
  });

  it('does not start with another key under the right name', async () => {
    const imposter = `old:${randomBytes(32).toString('base64')}`;
    await expect(startWith(`${NEW},${imposter}`)).rejects.toThrow(/keys of orders wrapped under the key "old"/);
  });

  it('does not start without the key of a single event', async () => {
    const [older, dedupKey] = [`rare:${randomBytes(32).toString('base64')}`, 'journal/4711'];
    const insert = 'insert into vault.event_keys (stream_id, dedup_key, account_id, wrapped_key) values (1, $1, 1, $2)';
    await owner.query(insert, [dedupKey, wrapped(older, `event/${dedupKey}`)]);
    await expect(startWith(`${NEW},${OLD}`)).rejects.toThrow(/MASTER_KEYS does not open keys of events wrapped under the key "rare"/);
    await startWith(`${NEW},${OLD},${older}`);
    await owner.query('update vault.event_keys set wrapped_key = null, destroyed_at = now()');
    await startWith(`${NEW},${OLD}`);
  });

  it('does not start without a key of the quarantine, until that has expired', async () => {
    const [older, id] = [`older:${randomBytes(32).toString('base64')}`, '5b0f7d0e-3f47-4d0a-9d3c-0a3f6f0b8a11'];
    const insert = `insert into quarantine_keys (id, account_id, wrapped_key, expires_at) values ($1, 1, $2, now() + interval '1 day')`;
    await owner.query(insert, [id, wrapped(older, `quarantine/${id}`)]);
    await expect(startWith(`${NEW},${OLD}`)).rejects.toThrow(/keys of the quarantine wrapped under the key "older"/);
    await owner.query('update quarantine_keys set wrapped_key = null');
    await startWith(`${NEW},${OLD}`);
  });
});
