import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { inspectWalls } from '../../src/platform/database/walls.js';
import { cloneDatabase, type TestDatabase } from '../support/test-database.js';

let database: TestDatabase;
let owner: pg.Client;

beforeAll(async () => {
  database = await cloneDatabase();
  owner = new pg.Client(database.ownerUrl);
  await owner.connect();
});

afterAll(async () => {
  await owner.end();
  await database.drop();
});

/** The command as an operator runs it, in a process of its own. */
function doctor(url: string): Promise<{ code: number; stdout: string; stderr: string }> {
  const hooks = fileURLToPath(new URL('../support/typescript-hooks.mjs', import.meta.url));
  const command = fileURLToPath(new URL('../../src/doctor-cli.ts', import.meta.url));
  return new Promise((resolve) => {
    execFile(process.execPath, ['--no-warnings', '--import', hooks, command], { env: { DATABASE_URL: url } }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}

/** What is broken for the service's login after those statements of the owner, by the wall's first word. */
async function brokenAfter(...statements: string[]): Promise<Record<string, readonly string[]>> {
  await owner.query(`set event_log.maintenance = 'on'`);
  for (const statement of statements) await owner.query(statement);
  const service = new pg.Client(database.serviceUrl);
  await service.connect();
  const walls = await inspectWalls({ query: async <Row>(sql: string) => (await service.query(sql)).rows as Row[] }).finally(() => service.end());
  return Object.fromEntries(walls.filter(({ stands }) => !stands).map(({ wall, missing }) => [/^\w+/.exec(wall)?.[0] ?? '', missing]));
}

describe('the doctor', () => {
  it('finds every wall standing on a migrated database', async () => {
    const { code, stdout, stderr } = await doctor(database.serviceUrl);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.match(/^stands {3}\S/gm)).toHaveLength(7);
    expect(stdout).not.toMatch(/MISSING|absent/);
  });

  it('says with its exit code that the login is too mighty, or that nothing could be looked at', async () => {
    const [mighty, away] = await Promise.all([doctor(database.ownerUrl), doctor('')]);
    expect([mighty.code, mighty.stdout]).toEqual([1, expect.stringMatching(/MISSING {2}login: [^\n]+\(postgres\)/)]);
    expect([away.code, away.stdout, away.stderr]).toEqual([2, '', expect.stringContaining('DATABASE_URL is not set')]);
  });

  it('names what is missing: a trigger of one partition, a grant, an epoch, durability, the guard of the schema', async () => {
    const service = owner.escapeIdentifier(new URL(database.serviceUrl).username);
    const broken = await brokenAfter(
      'alter table event_log.order_events_00005m disable trigger refuse_statement',
      'alter table setting_changes disable trigger refuse_row_change',
      `grant update on event_log.streams to ${service}`,
      `grant delete on setting_changes to ${service}`,
      `update event_log.epochs set system_identifier = 'another cluster'`,
      `alter database ${database.name} set synchronous_commit = off`,
      'alter event trigger guard_log_ddl disable',
    );
    expect(broken).toEqual({
      triggers: ['event_log.order_events_00005m', 'setting_changes'],
      grants: ['delete on setting_changes', 'update on event_log.streams'],
      epoch: ['epoch 1'],
      durability: ['synchronous_commit=off'],
      event: ['guard_log_ddl'],
    });
  });
});
