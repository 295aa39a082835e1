// `npm run bench:workers`: the same backlog of 200 accounts with 1 and with 4 worker processes, and whether an account is ever served twice at once.
import { startSync } from '../launcher/demo-sync.js';
import type { HttpApi } from '../launcher/http-api.js';
import { until } from '../launcher/http-api.js';
import type { RunningParts } from '../launcher/running-parts.js';
import { runBench, seconds, tell } from './run-bench.js';
import { connectSeller } from './sandbox-seller.js';
import { type BenchDatabase, type BenchSandbox, onDatabase, Stage } from './stage.js';

const ACCOUNTS = 200;
/** Every shop has so many and up to 30 more. */
const LEAST_ORDERS = 20;
const LATENCY_MS = 50;
const WORKERS = [1, 4] as const;
/** Sellers are linked and syncs asked for by so many clients at once. */
const CLIENTS = 10;
const BACKLOG_WITHIN_MS = 240_000;
const WITHIN_MS = 900_000;

interface Backlog {
  readonly database: BenchDatabase;
  readonly sandbox: BenchSandbox;
  readonly tokens: readonly string[];
}

/** What the database says of the runs of all accounts. */
const SUMMARY = `select count(*)::int as runs, count(*) filter (where sync_status = 'COMPLETED')::int as completed,
  extract(epoch from max(sync_completed_at) - min(sync_started_at))::float8 as seconds,
  (select count(*)::int from orders) as orders,
  (select count(*)::int from sync_runs a join sync_runs b on b.account_id = a.account_id and b.id > a.id
     and a.sync_started_at < b.sync_completed_at and b.sync_started_at < a.sync_completed_at) as overlaps,
  (select count(*)::int from event_log.writer_leases where holder is not null) as "leasesHeld" from sync_runs`;

interface Summary {
  readonly runs: number;
  readonly completed: number;
  readonly seconds: number;
  readonly orders: number;
  readonly overlaps: number;
  readonly leasesHeld: number;
}

async function inParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const waiting = [...items.entries()].reverse();
  const worker = async (): Promise<void> => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) results[next[0]] = await work(next[1]);
  };
  await Promise.all(Array.from({ length: CLIENTS }, worker));
  return results;
}

/** Linked accounts in a database to which nobody is connected any more, so that it can be copied. */
async function linkAll(stage: Stage): Promise<Backlog> {
  const sandbox = await stage.sandbox('--orders', String(LEAST_ORDERS), '--sellers', String(ACCOUNTS));
  const database = await stage.database();
  const api = await stage.service({ database, sandbox, env: { ROLE: 'api' } });
  const sellers = Array.from({ length: ACCOUNTS }, (_, position) => position);
  const tokens = await inParallel(sellers, (position) => connectSeller(api.api, sandbox, position));
  await inParallel(sellers, (position) => sandbox.control.post('/_sandbox/orders', { seller: String(position), count: position % 31 }));
  await api.program.stop();
  return { database, sandbox, tokens };
}

/** Two syncs of every account wait before the first worker starts: of the whole history and of the journal. */
async function askForSyncs(api: HttpApi, tokens: readonly string[]): Promise<void> {
  await inParallel(tokens, async (tokenId) => {
    await startSync(api, tokenId, { full: true });
    await startSync(api, tokenId, { full: false });
  });
}

async function workThrough(stage: Stage, backlog: Backlog, workers: number): Promise<object> {
  const database = await stage.database(backlog.database);
  const { sandbox, tokens } = backlog;
  const api = await stage.service({ database, sandbox, env: { ROLE: 'api' } });
  await askForSyncs(api.api, tokens);
  await sandbox.control.post('/_sandbox/latency', { ms: LATENCY_MS });
  await sandbox.control.post('/_sandbox/stats/reset');
  const startedAt = performance.now();
  const running = await Promise.all(Array.from({ length: workers }, () => stage.service({ database, sandbox, env: { ROLE: 'worker' } })));
  const scheduler = await stage.service({ database, sandbox, env: { ROLE: 'scheduler' } });
  await until('the end of the backlog', BACKLOG_WITHIN_MS, () =>
    onDatabase(database.ownerUrl, async (client) => {
      const { rows } = await client.query<{ open: number }>(`select count(*)::int as open from tasks where status in ('PENDING', 'STARTED')`);
      return rows[0]?.open === 0 ? true : null;
    }),
  );
  const wallMs = performance.now() - startedAt;
  const stats = await sandbox.control.get('/_sandbox/stats');
  await sandbox.control.post('/_sandbox/latency', { ms: 0 });
  const summary = await onDatabase(database.ownerUrl, async (client) => (await client.query<Summary>(SUMMARY)).rows[0]);
  await Promise.all([...running, scheduler, api].map(({ program }) => program.stop()));
  if (summary === undefined) throw new Error('the backlog left no runs');
  const perSeller = Object.values(stats['concurrentMaximumBySeller'] as Record<string, number>);
  const figures = {
    workers,
    ...summary,
    seconds: seconds(summary.seconds * 1_000),
    secondsWithStart: seconds(wallMs),
    mostRequestsOfOneSellerAtOnce: Math.max(...perSeller),
    sellersAsked: perSeller.length,
    mostRequestsAtOnce: stats['concurrentMaximum'],
  };
  tell(
    `${String(workers)} worker(s): ${String(figures.runs)} runs of ${String(ACCOUNTS)} accounts (${String(figures.orders)} orders) in ${String(figures.seconds)} s from the first run's start to the last one's end; runs of one account at the same time: ${String(figures.overlaps)}; requests of one seller at once: at most ${String(figures.mostRequestsOfOneSellerAtOnce)}`,
  );
  return figures;
}

async function bench(parts: RunningParts): Promise<object> {
  const stage = await Stage.open(parts);
  const backlog = await linkAll(stage);
  const rounds: object[] = [];
  for (const workers of WORKERS) rounds.push(await workThrough(stage, backlog, workers));
  return { accounts: ACCOUNTS, latencyMs: LATENCY_MS, rounds };
}

await runBench('workers', WITHIN_MS, bench);
