import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../launcher/embedded-postgres.js';
import { until } from '../../launcher/http-api.js';

const GONE_WITHIN_MS = 15_000;

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client(url);
  await client.connect();
  return (await client.query<Record<string, unknown>>(sql).finally(() => client.end())).rows;
}

describe('the embedded PostgreSQL', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'embedded-spec-'));
    chmodSync(folder, 0o755); // the user that runs PostgreSQL, where we are root, has to enter it
  });

  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('keeps what was written over a restart on another port', async () => {
    const first = await startEmbeddedPostgres({ dataDir: folder });
    await ask(first.ownerUrl(), 'create table kept as select 1 as one');
    await first.stop();
    const second = await startEmbeddedPostgres({ dataDir: folder, settings: { work_mem: '8MB' } });
    try {
      expect(await ask(second.ownerUrl(), "select one, current_setting('work_mem') as memory from kept")).toEqual([{ one: 1, memory: '8MB' }]);
    } finally {
      await second.stop();
    }
  });

  it('refuses whoever does not know its password', async () => {
    const postgres = await startEmbeddedPostgres({ dataDir: folder });
    try {
      const guessed = new URL(postgres.ownerUrl());
      guessed.password = 'postgres';
      await expect(ask(guessed.href, 'select 1')).rejects.toThrow(/password authentication failed/);
    } finally {
      await postgres.stop();
    }
  });

  it('ends and removes its temporary files when the process that started it is killed', async () => {
    const source = `import { startEmbeddedPostgres } from ${JSON.stringify(new URL('../../launcher/embedded-postgres.ts', import.meta.url).href)};
      console.log((await startEmbeddedPostgres()).ownerUrl()); setInterval(() => {}, 60_000);`;
    const hooks = fileURLToPath(new URL('../support/typescript-hooks.mjs', import.meta.url));
    const starter = spawn(process.execPath, ['--import', hooks, '--input-type=module', '-e', source], {
      env: { PATH: process.env['PATH'], TMPDIR: folder },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [url] = (await once(createInterface(starter.stdout), 'line')) as [string];
    expect(await ask(url, 'select 1 as one')).toEqual([{ one: 1 }]);
    const files = (): string[] => readdirSync(folder).filter((name) => name.includes('postgres'));
    expect(files()).toHaveLength(1);
    starter.kill('SIGKILL');
    await until('The end of the server', GONE_WITHIN_MS, () =>
      ask(url, 'select 1').then(
        () => null,
        () => true,
      ),
    );
    await until('The removal of its files', GONE_WITHIN_MS, () => Promise.resolve(files().length === 0 ? true : null));
  });

  it('says in its own words why it does not start', async () => {
    await expect(startEmbeddedPostgres({ dataDir: folder, settings: { no_such_setting: 'x' } })).rejects.toThrow(/no_such_setting/);
  });
});
