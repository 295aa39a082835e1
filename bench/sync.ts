// `npm run bench:sync`: 1,000 orders by a coarse sync, beside the sandbox's own time for the same pages; and a start from nothing.
import { orderCount, startSync } from '../launcher/demo-sync.js';
import { type HttpApi, until } from '../launcher/http-api.js';
import { linkDemoSeller } from '../launcher/link-demo-seller.js';
import type { RunningParts } from '../launcher/running-parts.js';
import { readBarely } from './bare-reader.js';
import { runBench, seconds, tell } from './run-bench.js';
import { connectUnsynced, sellerPair } from './sandbox-seller.js';
import { type BenchSandbox, Stage } from './stage.js';
import { successfulSync } from './sync-task.js';

const ORDERS = 1_000;
const LATENCIES_MS = [0, 100] as const;
const WITHIN_MS = 180_000;
const FIRST_ORDER_WITHIN_MS = 60_000;

async function firstOrder(stage: Stage, sandbox: BenchSandbox): Promise<object> {
  const startedAt = performance.now();
  const elapsed = (): number => seconds(performance.now() - startedAt);
  const service = await stage.service({ database: await stage.database(), sandbox });
  const listening = elapsed();
  const tokenId = await linkDemoSeller(service.api, sandbox.control, 'first-order');
  const linked = elapsed();
  await startSync(service.api, tokenId, { full: true });
  await until('the first order', FIRST_ORDER_WITHIN_MS, async () => ((await orderCount(service.api, tokenId)) > 0 ? true : null));
  const synced = elapsed();
  tell(
    `From the migration of an empty database: listening after ${String(listening)} s, linked by device code after ${String(linked)} s, first order after ${String(synced)} s`,
  );
  await service.program.stop();
  return { listeningSeconds: listening, linkedSeconds: linked, firstOrderSeconds: synced };
}

interface CoarseRound {
  readonly seller: number;
  readonly tokenId: string;
  readonly latencyMs: number;
}

async function coarse(service: HttpApi, sandbox: BenchSandbox, { seller, tokenId, latencyMs }: CoarseRound): Promise<object> {
  const pair = await sellerPair(sandbox, seller);
  await readBarely(sandbox, pair); // the sandbox makes the forms up when first asked; both then read made ones
  await sandbox.control.post('/_sandbox/latency', { ms: latencyMs });
  const bare = await readBarely(sandbox, pair);
  const sync = await successfulSync(service, tokenId, { full: true });
  await sandbox.control.post('/_sandbox/latency', { ms: 0 });
  const orders = await orderCount(service, tokenId);
  if (Number(sync.result['orders_created']) !== orders) throw new Error('the orders did not come by this sync');
  if (orders !== bare.forms) throw new Error(`the sandbox lists ${String(bare.forms)} orders, the service ${String(orders)}`);
  const figures = { latencyMs, orders, seconds: seconds(sync.ms), sandboxSeconds: seconds(bare.ms), requests: bare.requests };
  tell(
    `${String(orders)} orders with ${String(latencyMs)} ms a request: ${String(figures.seconds)} s; the same ${String(bare.requests)} pages fetched and thrown away: ${String(figures.sandboxSeconds)} s`,
  );
  return figures;
}

async function bench(parts: RunningParts): Promise<object> {
  const stage = await Stage.open(parts);
  const sandbox = await stage.sandbox('--orders', String(ORDERS), '--sellers', String(LATENCIES_MS.length + 1));
  const start = await firstOrder(stage, sandbox);
  const database = await stage.database();
  const linking = await stage.service({ database, sandbox, env: { ROLE: 'api' } });
  const warmUp = await connectUnsynced(linking.api, sandbox, 0);
  const rounds: CoarseRound[] = [];
  for (const [index, latencyMs] of LATENCIES_MS.entries()) {
    rounds.push({ seller: index + 1, latencyMs, tokenId: await connectUnsynced(linking.api, sandbox, index + 1) });
  }
  await linking.program.stop();
  const service = await stage.service({ database, sandbox });
  // A process that has just started compiles its code while it runs; the first seller's sync is not counted.
  await successfulSync(service.api, warmUp, { full: true });
  const syncs: object[] = [];
  for (const round of rounds) syncs.push(await coarse(service.api, sandbox, round));
  return { start, coarse: syncs };
}

await runBench('sync', WITHIN_MS, bench);
