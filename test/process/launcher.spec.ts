import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { until } from '../../launcher/http-api.js';
import { startLauncher } from '../support/launcher-process.js';

/** A start takes some 6 s on an idle machine; the limit is for a busy one. */
const LONG_MS = 120_000;
const GONE_WITHIN_MS = 15_000;

interface ReadyLine {
  readonly baseUrl: string;
  readonly sandboxUrl: string;
  readonly jwt: Record<string, string>;
  readonly tokenId: string;
}

/** Processes whose command line names the folder: its PostgreSQL and the guardian of it. */
function processesOf(folder: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${String(pid)}/cmdline`, 'utf8').includes(folder);
      } catch {
        return false; // it ended meanwhile
      }
    });
}

function allGone(folder: string): Promise<true> {
  return until('The end of all processes', GONE_WITHIN_MS, () => Promise.resolve(processesOf(folder).length === 0 ? true : null));
}

/** Starts the demo, reads its orders in each role, ends it that way and waits until nothing of it runs. */
async function runUntilReady(folder: string, end: 'SIGKILL' | 'SIGTERM'): Promise<{ ready: ReadyLine; code: number | null }> {
  const run = startLauncher(['--json'], { DEMO_FOLDER: folder });
  const ready = JSON.parse(await run.line) as ReadyLine;
  const url = `${ready.baseUrl}/api/v1/orders/?token_id=${ready.tokenId}&limit=1`;
  for (const jwt of Object.values(ready.jwt)) {
    const answer = await fetch(url, { headers: { authorization: `Bearer ${jwt}` } });
    expect(await answer.json()).toMatchObject({ success: true, orders: [{ token_id: ready.tokenId }] });
  }
  run.signal(end);
  const code = await run.ended;
  expect(run.stdout().trim().split('\n')).toHaveLength(1);
  await allGone(folder);
  return { ready, code };
}

describe('the launcher', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'launcher-spec-'));
    chmodSync(folder, 0o755); // the user that runs PostgreSQL, where we are root, has to enter it
  });

  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it(
    'does the main job once and says how long each step took',
    async () => {
      const run = startLauncher(['--smoke'], { SANDBOX_SEED: '7', TMPDIR: folder });
      expect({ code: await run.ended, problem: run.stderr().match(/^Step .*/m)?.[0] ?? null }).toEqual({ code: 0, problem: null });
      const summary = JSON.parse(run.stdout()) as Record<string, unknown>;
      expect(summary).toMatchObject({ ok: true, ordersCoarse: 1_000, replayed: { equal: true }, chain: { verified: true }, sandboxSeed: '7' });
      expect(summary['secondsToFirstSyncedOrder']).toBeGreaterThan(0);
      await allGone(folder);
      expect(readdirSync(folder)).toEqual([]);
    },
    LONG_MS,
  );

  it(
    'prints one line when ready, ends everything in order, and goes on with the same token after a restart and a kill',
    async () => {
      const killed = await runUntilReady(folder, 'SIGKILL');
      expect(killed.code).toBeNull();
      const stopped = await runUntilReady(folder, 'SIGTERM');
      expect(stopped.code).toBe(0);
      expect(Object.keys(killed.ready.jwt)).toEqual(['seller', 'operator', 'support']);
      expect(stopped.ready.tokenId).toBe(killed.ready.tokenId);
      expect(statSync(join(folder, 'secrets.json')).mode & 0o777).toBe(0o600);
    },
    LONG_MS,
  );

  it(
    'links nothing by itself where the service is pointed at another Allegro',
    async () => {
      const run = startLauncher(['--json'], { DEMO_FOLDER: folder, ALLEGRO_API_URL: 'http://127.0.0.1:9' });
      expect(JSON.parse(await run.line)).toMatchObject({ sandboxUrl: null, tokenId: null });
      run.signal('SIGTERM');
      expect(await run.ended).toBe(0);
      await allGone(folder);
    },
    LONG_MS,
  );

  it('refuses the demo in production, before anything is started', async () => {
    const run = startLauncher([], { DEMO_FOLDER: folder, NODE_ENV: 'production' });
    expect(await run.ended).toBe(1);
    expect(run.stderr()).toContain('The demo is refused with NODE_ENV=production');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is the real service with DATABASE_URL set, which names every missing setting and starts nothing embedded', async () => {
    const run = startLauncher(['--json'], { DEMO_FOLDER: folder, DATABASE_URL: 'postgresql://a:b@127.0.0.1:9/none' });
    expect(await run.ended).toBe(1);
    for (const name of ['JWT_SECRET', 'MASTER_KEYS', 'HASH_PEPPER', 'ALLEGRO_CLIENT_ID']) expect(run.stderr()).toContain(name);
    expect(run.stdout()).toBe('');
    expect(readdirSync(folder)).toEqual([]);
  });
});
