// `npm run bench:export -- [ORDERS]`: an account of a million orders leaves as CSV and as NDJSON; the first byte, and what the service's memory grows by.
import { readFile } from 'node:fs/promises';
import type { RunningParts } from '../launcher/running-parts.js';
import { multiplyOrders } from './many-orders.js';
import { runBench, seconds, tell } from './run-bench.js';
import { connectSeller } from './sandbox-seller.js';
import { Stage } from './stage.js';
import { successfulSync } from './sync-task.js';

const ORDERS = 1_000_000;
/** So many orders are synced; the rest are copies of them. */
const SYNCED = 1_000;
const WITHIN_MS = 3_600_000;
const SAMPLE_MS = 100;
const PAGE_BYTES = 4_096;
const MIB = 1_048_576;
interface Measured {
  readonly firstByteMs: number;
  readonly seconds: number;
  readonly mib: number;
  readonly growthMib: number;
}

async function residentBytes(pid: number): Promise<number> {
  const [, pages] = (await readFile(`/proc/${String(pid)}/statm`, 'utf8')).split(' ');
  return Number(pages) * PAGE_BYTES;
}

/** Reads an export as fast as it comes and keeps nothing of it. */
async function measured(address: string, jwt: string, pid: number): Promise<Measured> {
  const before = await residentBytes(pid);
  let most = before;
  const sampling = setInterval(() => {
    void residentBytes(pid).then((bytes) => (most = Math.max(most, bytes)));
  }, SAMPLE_MS);
  const startedAt = performance.now();
  const response = await fetch(address, { headers: { authorization: `Bearer ${jwt}`, 'accept-encoding': 'identity' } });
  if (!response.ok || !response.body) throw new Error(`the export was refused with ${String(response.status)}`);
  let firstByteMs = 0;
  let bytes = 0;
  for await (const piece of response.body as AsyncIterable<Uint8Array>) {
    if (bytes === 0) firstByteMs = performance.now() - startedAt;
    bytes += piece.length;
  }
  clearInterval(sampling);
  const tookMs = performance.now() - startedAt;
  return { firstByteMs: Math.round(firstByteMs), seconds: seconds(tookMs), mib: Math.round(bytes / MIB), growthMib: Math.round((most - before) / MIB) };
}

async function exports(parts: RunningParts): Promise<object> {
  const orders = Number(process.argv[2] ?? ORDERS);
  const stage = await Stage.open(parts);
  const sandbox = await stage.sandbox('--orders', String(SYNCED));
  const database = await stage.database();
  const { api, program } = await stage.service({ database, sandbox });
  const tokenId = await connectSeller(api, sandbox, 0);
  await successfulSync(api, tokenId, { full: true });
  await program.stop();
  await multiplyOrders(database.ownerUrl, orders);
  tell(`${String(orders)} orders in one account`);
  const figures: Record<string, Measured> = {};
  for (const format of ['csv', 'ndjson', 'json']) {
    // A process of its own: what one export left would hide what the next one takes.
    const { url, program } = await stage.service({ database, sandbox });
    const address = (query: string) => `${url}/api/v1/exports/orders?token_id=${tokenId}&format=${format}${query}`;
    const pid = program.process.pid ?? 0;
    // Code that runs for the first time is compiled and kept; that is no growth of an export.
    await measured(address('&status=nowhere'), stage.jwt, pid);
    figures[format] = await measured(address(''), stage.jwt, pid);
    tell(`${format}: ${JSON.stringify(figures[format])}`);
    await program.stop();
  }
  return { orders, ...figures };
}

await runBench('export', WITHIN_MS, exports);
