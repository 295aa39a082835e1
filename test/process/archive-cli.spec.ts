import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ArchiveWorld, settings } from '../support/archive-world.js';
import { ArchivedShop } from '../support/archived-shop.js';
import { eventually } from '../support/eventually.js';
import type { TokenWorld } from '../support/token-app.js';

const PASSPHRASE = 'twelve bricks fell from the wall';

let world: ArchiveWorld;
let shop: ArchivedShop;
let path: string;
let passphrase: string;
let publicKey: string;

const argsOf = (command: string, args: readonly string[]): string[] => {
  const hooks = fileURLToPath(new URL('../support/typescript-hooks.mjs', import.meta.url));
  return ['--no-warnings', '--import', hooks, fileURLToPath(new URL(`../../src/${command}.ts`, import.meta.url)), ...args];
};

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command as an operator runs it, in a process of its own. */
function run(of: TokenWorld | null, command: 'archive-cli' | 'verify-cli', ...args: string[]): Promise<Ended> {
  const env = { ...(of ? settings(of) : {}), PATH: process.env['PATH'] };
  return new Promise((resolve) => {
    execFile(process.execPath, argsOf(command, args), { env }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}

const exporting = (file: string, ...args: string[]) =>
  run(world.here, 'archive-cli', 'export', '--account', shop.accountId, '--file', file, '--reason', 'a move', ...args);
const importArgs = (): string[] => [
  'import',
  '--file',
  path,
  '--tenant',
  'tenant-b',
  '--passphrase-file',
  passphrase,
  '--reason',
  'a move',
  '--public-key',
  publicKey,
];
const streams = async (): Promise<number> => Number((await world.there.owner.query<{ n: string }>('select count(*) as n from event_log.streams')).rows[0]?.n);

beforeAll(async () => {
  world = await ArchiveWorld.open();
  shop = await ArchivedShop.open(world);
  await shop.sell(['o1', 'o2']);
  await shop.fill(600, 5);
  await shop.seal();
  path = world.path('account.ndjson');
  passphrase = await world.put('passphrase', `${PASSPHRASE}\n`);
  publicKey = await world.put('public.pem', world.signing.publicKey.export({ format: 'pem', type: 'spki' }).toString());
}, 60_000);

afterAll(async () => {
  await shop.context.close();
  await world.close();
});

describe('the archive command of operators', () => {
  it('writes a file that only its owner reads, never over another, locked with a passphrase that is nowhere', async () => {
    const written = await exporting(path, '--passphrase-file', passphrase);
    expect([written.code, written.stderr]).toEqual([0, '']);
    expect(JSON.parse(written.stdout)).toMatchObject({ verified: true, signed: true, keys: expect.any(Number), flaws: [] });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readFile(path, 'utf8')).not.toContain(PASSPHRASE);
    const again = await exporting(path, '--without-keys');
    expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('EEXIST')]);
    expect((await run(null, 'verify-cli', '--archive', path, '--public-key', publicKey)).code).toBe(0);
    const { rows } = await world.here.owner.query(
      `select action, tenant_id, subject, reason from audit_entries where action like 'accounts.%' order by id limit 1`,
    );
    const subject = { account_id: shop.accountId, with_keys: true };
    expect(rows).toEqual([{ action: 'accounts.archive', tenant_id: 'tenant-a', subject, reason: 'a move' }]);
  }, 60_000);

  it('is verified without database and settings, and says what is wrong by its exit code', async () => {
    const flawed = await world.put('flawed.ndjson', (await readFile(path, 'utf8')).replace('"actor":"test"', '"actor":"tess"'));
    const answer = await run(null, 'verify-cli', '--archive', flawed);
    expect([answer.code, JSON.parse(answer.stdout)]).toEqual([
      1,
      expect.objectContaining({ flaws: expect.arrayContaining([expect.objectContaining({ flaw: 'altered' })]) }),
    ]);
    const refused = await run(world.there, 'archive-cli', ...importArgs().with(2, flawed));
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('not whole')]);
    expect(await streams()).toBe(0);
  }, 60_000);

  it('asks for what it needs, and takes no secret from the command line', async () => {
    const asked: [number, string, string[]][] = [
      [2, 'usage:', []],
      [2, '--reason is needed', ['export', '--account', '1', '--file', 'x', '--without-keys']],
      [2, 'exactly one of', ['export', '--account', '1', '--file', 'x', '--reason', 'y', '--without-keys', '--passphrase-file', passphrase]],
      [2, 'Unknown option', ['export', '--passphrase', PASSPHRASE]],
      [2, 'fewer than 12', ['import', '--file', path, '--tenant', 't', '--reason', 'y', '--passphrase-file', await world.put('short', 'abc')]],
      [2, 'another passphrase', [...importArgs().with(6, await world.put('wrong', 'some other passphrase'))]],
      [1, 'no account 999', ['export', '--account', '999', '--file', world.path('none'), '--reason', 'y', '--without-keys']],
    ];
    for (const [code, words, args] of asked) {
      expect(await run(world.there, 'archive-cli', ...args)).toEqual({ code, stdout: '', stderr: expect.stringContaining(words) });
    }
    expect(await streams()).toBe(0);
  }, 120_000);

  it('leaves nothing of an import that was killed, and imports all of it afterwards, once', async () => {
    const child: ChildProcess = spawn(process.execPath, argsOf('archive-cli', importArgs()), { env: { ...settings(world.there), PATH: process.env['PATH'] } });
    const killed = new Promise((resolve) => child.once('exit', (_code, signal) => resolve(signal)));
    child.stderr?.once('data', () => child.kill('SIGKILL'));
    expect(await killed).toBe('SIGKILL');
    await eventually('the database noticed', async () => {
      const { rows } = await world.there.owner.query(
        `select from pg_stat_activity where datname = current_database() and xact_start is not null and pid <> pg_backend_pid()`,
      );
      return rows.length === 0;
    });
    expect(await streams()).toBe(0);
    const done = await run(world.there, 'archive-cli', ...importArgs());
    expect([done.code, JSON.parse(done.stdout)]).toEqual([0, expect.objectContaining({ streams: 603, accountId: expect.any(String) })]);
    expect(await streams()).toBe(603);
    const again = await run(world.there, 'archive-cli', ...importArgs());
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('has events already')]);
    expect(await run(world.there, 'verify-cli')).toMatchObject({ code: 0 });
    const { rows } = await world.there.owner.query(`select distinct action, tenant_id, reason from audit_entries`);
    expect(rows).toEqual([{ action: 'accounts.import', tenant_id: 'tenant-b', reason: 'a move' }]);
  }, 120_000);
});
