import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { announce, announceAsJson } from './announce.js';
import { keepDemoSecrets } from './demo-secrets.js';
import { activateAutosync, orderCount, startSync, syncEnd } from './demo-sync.js';
import { type Demo, demoFolders, startDemo } from './demo.js';
import { HttpApi } from './http-api.js';
import { linkDemoSeller } from './link-demo-seller.js';
import type { RunningParts } from './running-parts.js';

export interface RunDemoOptions {
  /** Keeps secrets, database and log over restarts. */
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly json: boolean;
  readonly onUnexpectedEnd: (what: string) => void;
}

/** Often enough to be seen arriving, seldom enough to read along. */
const ARRIVAL_INTERVAL_MS = 10_000;
/** A first sync takes 2 s; under many faults it goes on behind the announcement instead of holding it up. */
const FIRST_SYNC_WITHIN_MS = 30_000;

/** The demo that goes on running: starts everything, links the demo seller, syncs, says where everything is. */
export async function runDemo(options: RunDemoOptions, parts: RunningParts): Promise<void> {
  const { secretsFile, dataDir, logFile } = demoFolders(options.folder);
  mkdirSync(dirname(secretsFile), { recursive: true });
  const secrets = keepDemoSecrets(secretsFile);
  const demo = await startDemo(
    {
      env: options.env,
      secrets,
      dataDir,
      logFile: options.json ? null : logFile,
      arrivalIntervalMs: ARRIVAL_INTERVAL_MS,
      onUnexpectedEnd: options.onUnexpectedEnd,
    },
    parts,
  );
  const tokenId = demo.sandboxUrl === null ? null : await linkAndSync(demo, demo.sandboxUrl, options.env['SANDBOX_SEED'] || secrets.sandboxSeed);
  if (options.json) announceAsJson(demo, tokenId);
  else await announce(demo, tokenId, logFile);
}

/** Links, waits for the first sync and switches the periodic one on; what faults make fail now, that one does later. */
async function linkAndSync({ seller }: Demo, sandboxUrl: string, seed: string): Promise<string> {
  // The seed is part of the name: another seed is another seller, who cannot continue this one's account.
  const tokenId = await linkDemoSeller(seller, new HttpApi(sandboxUrl), `demo-shop-${seed}`);
  const full = (await orderCount(seller, tokenId)) === 0; // after a restart the journal says what changed
  const task = await startSync(seller, tokenId, { full });
  await activateAutosync(seller, tokenId);
  await syncEnd(seller, task, FIRST_SYNC_WITHIN_MS).catch((error: unknown) => {
    process.stderr.write(`Not everything is synced yet: ${error instanceof Error ? error.message : String(error)}\n`);
  });
  return tokenId;
}
