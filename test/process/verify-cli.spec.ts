import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TestingModule } from '@nestjs/testing';
import pg from 'pg';
import { publishedLine } from '../../src/data-protection/published-head.js';
import { Sealing } from '../../src/data-protection/sealing.service.js';
import { SealsReadModel } from '../../src/data-protection/seals.read-model.js';
import { Database } from '../../src/platform/database/database.js';
import { EventLog } from '../../src/platform/event-log/event-log.js';
import { eventually } from '../support/eventually.js';
import { commandEvent } from '../support/log-events.js';
import { startContext } from '../support/service-context.js';
import { cloneDatabase, type TestDatabase } from '../support/test-database.js';

/** 2,000 orders of five events: the log of one account with 10,000 events. */
const ORDERS = 2_000;
const EVENTS_EACH = 5;
const ORDERS_A_COMMIT = 250;

let database: TestDatabase;
let context: TestingModule;
let owner: pg.Client;
let folder: string;
const keys = generateKeyPairSync('ed25519');
const at = (name: string) => join(folder, name);

async function fill(accountId: string, orders: number): Promise<void> {
  const log = context.get(EventLog);
  for (let first = 0; first < orders; first += ORDERS_A_COMMIT) {
    const ids = Array.from({ length: Math.min(ORDERS_A_COMMIT, orders - first) }, (_, index) => `o-${String(first + index)}`);
    const appends = ids.map((orderId) => ({
      orderId,
      events: Array.from({ length: EVENTS_EACH }, (_, index) => commandEvent(`c:${String(index)}`, { n: index, of: orderId })),
    }));
    await context.get(Database).transaction(async (tx) => {
      const heads = await log.load(
        tx,
        accountId,
        ids.map((orderId) => ({ orderId, dedupKeys: [] })),
      );
      await log.append(tx, { accountId, fence: null, heads, appends });
    });
  }
}

function run(
  command: 'export-log-cli' | 'verify-cli',
  args: readonly string[],
  changes: Readonly<Record<string, string>> = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  const hooks = fileURLToPath(new URL('../support/typescript-hooks.mjs', import.meta.url));
  const file = fileURLToPath(new URL(`../../src/${command}.ts`, import.meta.url));
  const env = { PATH: process.env['PATH'], DATABASE_URL: database.serviceUrl, ...changes };
  return new Promise((resolve) => {
    execFile(process.execPath, ['--no-warnings', '--import', hooks, file, ...args], { env, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}

/** @returns exit code and report */
async function verify(...args: string[]): Promise<[number, { verified: boolean; flaws: unknown[] }]> {
  const { code, stdout, stderr } = await run('verify-cli', args);
  expect(stderr).toBe('');
  return [code, JSON.parse(stdout) as { verified: boolean; flaws: unknown[] }];
}

async function exported(name: string): Promise<string> {
  const { stdout, stderr } = await run('export-log-cli', ['--account', '1']);
  expect(stderr).toBe('');
  await writeFile(at(name), stdout);
  return at(name);
}

/** As whoever owns the server can: the walls switched off first. */
async function asSuperuser(...statements: string[]): Promise<void> {
  const tables = ['order_events', 'order_events_00000m', 'seals', 'seal_parts'];
  const off = tables.map((table) => `alter table event_log.${table} disable trigger user`);
  await owner.query(['begin', "set local event_log.maintenance = 'on'", ...off, ...statements, 'commit'].join(';'));
}

beforeAll(async () => {
  database = await cloneDatabase();
  folder = await mkdtemp(join(tmpdir(), 'verify-'));
  const key = keys.privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');
  context = await startContext(database, { providers: [Sealing, SealsReadModel] }, { SEAL_BATCH_EVENTS: '3000', SEAL_SIGNING_KEY: key });
  owner = new pg.Client(database.ownerUrl);
  await owner.connect();
  await fill('1', ORDERS);
  await fill('2', 20);
  // Other databases of the same server may hold the feed's horizon back for a moment.
  const seals: Awaited<ReturnType<Sealing['sealAll']>> = [];
  await eventually('every event is sealed', async () => {
    seals.push(...(await context.get(Sealing).sealAll()));
    return seals.reduce((sum, seal) => sum + seal.events, 0) === (ORDERS + 20) * EVENTS_EACH;
  });
  await writeFile(at('seals.ndjson'), seals.map((seal) => `${publishedLine(seal)}\n`).join(''));
  await writeFile(at('public.pem'), keys.publicKey.export({ format: 'pem', type: 'spki' }));
}, 60_000);

afterAll(async () => {
  await owner.end();
  await context.close();
  await database.drop();
  await rm(folder, { recursive: true });
});

describe('the offline verifier on a log of 10,000 events', () => {
  it('finds the database and its export whole, with the published seals and their signatures', async () => {
    const whole = await exported('whole.ndjson');
    const anchored = ['--seals', at('seals.ndjson'), '--public-key', at('public.pem')];
    const [ofExport, ofDatabase] = await Promise.all([verify('--export', whole, ...anchored), verify(...anchored)]);
    expect(ofExport).toEqual([0, { verified: true, streams: 2_000, events: 10_000, seals: 4, sealedEvents: 10_000, flaws: [] }]);
    expect(ofDatabase).toEqual([0, { verified: true, streams: 2_020, events: 10_100, seals: 4, sealedEvents: 10_100, flaws: [] }]);
  }, 60_000);

  it('says so when nothing was checked, or when an option would be ignored', async () => {
    const asked: [string, string[]][] = [
      ['nothing to verify', ['--order', 'nowhere']],
      ['nothing to verify', ['--account', '99']],
      ['--order and --seals', ['--order', 'o-1', '--seals', 'x']],
      ['--account and --export', ['--account', '1', '--export', 'x']],
      ['--seals', ['--public-key', 'x']],
    ];
    const answers = await Promise.all(asked.map(([, args]) => run('verify-cli', args)));
    expect(answers).toEqual(asked.map(([words]) => ({ code: 2, stdout: '', stderr: expect.stringContaining(words) })));
  }, 60_000);

  it('takes the id of an order in capitals', async () => {
    expect(await verify('--account', '1', '--order', 'O-1')).toEqual([0, { verified: true, streams: 1, events: EVENTS_EACH, flaws: [] }]);
  });

  it('reads the database that the service would read, and none without being told', async () => {
    await writeFile(at('url'), database.serviceUrl);
    const [untold, unasked, told] = await Promise.all([
      run('verify-cli', ['--account', '2'], { DATABASE_URL: '' }),
      run('export-log-cli', ['--account', '2'], { DATABASE_URL: '' }),
      run('verify-cli', ['--account', '2'], { DATABASE_URL: '', DATABASE_URL_FILE: at('url') }),
    ]);
    const refusal = { code: 2, stdout: '', stderr: expect.stringContaining('DATABASE_URL is not set') };
    expect([untold, unasked, told.code]).toEqual([refusal, refusal, 0]);
  }, 60_000);

  it('sees an export that was cut', async () => {
    const lines = (await readFile(at('whole.ndjson'), 'utf8')).split('\n');
    await writeFile(at('cut.ndjson'), lines.slice(0, -3).join('\n'));
    expect(await verify('--export', at('cut.ndjson'))).toEqual([1, expect.objectContaining({ flaws: [expect.objectContaining({ flaw: 'export_cut' })] })]);
    await writeFile(at('nonsense.ndjson'), '{"kind":"other"}\n');
    expect((await run('verify-cli', ['--export', at('nonsense.ndjson')])).code).toBe(2);
  }, 60_000);

  it('names the one event of which a superuser flipped a byte', async () => {
    await asSuperuser(
      `update event_log.order_events set payload = replace(payload::text, '"n":3', '"n":2')::json where account_id = 1 and order_id = 'o-1234' and version = 4`,
    );
    const named = { verified: false, flaws: [expect.objectContaining({ orderId: 'o-1234', version: 4, flaw: 'altered' })] };
    const both = await Promise.all([exported('flipped.ndjson').then((file) => verify('--export', file)), verify('--account', '1')]);
    expect(both).toEqual([
      [1, expect.objectContaining(named)],
      [1, expect.objectContaining(named)],
    ]);
    await asSuperuser(
      `update event_log.order_events set payload = replace(payload::text, '"n":2', '"n":3')::json where account_id = 1 and order_id = 'o-1234' and version = 4`,
    );
  }, 60_000);

  it('names a tail that was cut so that the stream itself looks whole', async () => {
    await asSuperuser(
      `delete from event_log.order_events where account_id = 1 and order_id = 'o-77' and version >= 4`,
      `update event_log.streams s set version = 3, tip_hash = (select hash from event_log.order_events e where e.stream_id = s.stream_id and e.version = 3) where account_id = 1 and order_id = 'o-77'`,
    );
    const named = { verified: false, flaws: [expect.objectContaining({ orderId: 'o-77', version: 4, flaw: 'event_missing', seal: '1' })] };
    const both = await Promise.all([exported('tail.ndjson').then((file) => verify('--export', file)), verify('--account', '1', '--order', 'o-77')]);
    expect(both).toEqual([
      [1, expect.objectContaining(named)],
      [0, expect.objectContaining({ verified: true })],
    ]);
  }, 60_000);

  it('sees seals that were cut off with the newest events, once it knows the published ones', async () => {
    await asSuperuser(
      `delete from event_log.order_events e using event_log.seals s where s.number = 4 and (e.epoch, e.xid, e.seq) > (s.from_epoch, s.from_xid, s.from_seq)`,
      `delete from event_log.streams s where not exists (select from event_log.order_events e where e.stream_id = s.stream_id)`,
      'delete from event_log.seals where number = 4',
      'delete from event_log.seal_parts where number = 4',
    );
    const cut = await exported('seals.cut.ndjson');
    const [unanchored, [code, report]] = await Promise.all([run('verify-cli', ['--account', '2']), verify('--export', cut, '--seals', at('seals.ndjson'))]);
    expect(unanchored).toMatchObject({ code: 2, stderr: expect.stringContaining('nothing to verify') });
    expect(code).toBe(1);
    expect(report.flaws).toContainEqual(expect.objectContaining({ flaw: 'seal_missing', seal: '4' }));
  }, 60_000);
});
