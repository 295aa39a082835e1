// `npm run bench:targets`: the latency of every GET with 5,000 orders and 20 clients, and how many of 1,000 sync runs succeed under faults.
import { ReadLoad, type RouteFigures } from './read-load.js';
import { readRoutes, unmeasured } from './read-routes.js';
import { setReadStage } from './read-stage.js';
import type { RunningParts } from '../launcher/running-parts.js';
import { runBench, tell } from './run-bench.js';
import { Stage } from './stage.js';
import { measureRuns } from './sync-runs.js';

const ORDERS = 5_000;
const CLIENTS = 20;
const TARGET_P95_MS = 200;
/** Rounds of the mixed load: every route this often. */
const MIXED_ROUNDS = 40;
const RUNS = { accounts: 8, runs: 1_000 };
/** Half of the arrivals are new orders, the others move one on: about every second run finds something. */
const ARRIVAL_MS = 100;
const TARGET_SHARE = 0.999;
/** Runs that wait out an outage of Allegro included. */
const WITHIN_MS = 900_000;

function line(figures: RouteFigures): string {
  const columns = [figures.p50, figures.p95, figures.p99, figures.max, figures.perSecond, figures.failures];
  return `${figures.route.padEnd(34)}${columns.map((value) => String(value).padStart(9)).join('')}${figures.p95 < TARGET_P95_MS ? '' : '  above the target'}`;
}

/** @param only routes whose names start so */
async function reads(stage: Stage, only: string) {
  const sandbox = await stage.sandbox('--orders', String(ORDERS));
  const database = await stage.database();
  // Two processes, as in production: the one that answers does nothing in the background.
  const background = await stage.service({ database, sandbox, env: { ROLE: 'all' } });
  const subjects = await setReadStage(background.api, sandbox);
  const service = await stage.service({ database, sandbox, env: { ROLE: 'api' } });
  const load = new ReadLoad(service.url, stage.jwts, CLIENTS);
  tell(`\n${String(CLIENTS)} clients, ms:`.padEnd(35) + ['p50', 'p95', 'p99', 'max', 'per s', 'failed'].map((name) => name.padStart(9)).join(''));
  const document = await service.api.get('/openapi.json');
  const all = readRoutes(subjects);
  const forgotten = unmeasured(document as unknown as Parameters<typeof unmeasured>[0], all);
  if (forgotten.length > 0) tell(`not measured: ${forgotten.join(', ')}`);
  const routes = all.filter((route) => route.name.startsWith(only));
  const figures: RouteFigures[] = [];
  const measured = async (next: Promise<RouteFigures>): Promise<void> => {
    const route = await next;
    figures.push(route);
    tell(line(route));
  };
  for (const route of routes) await measured(load.ofRoute(route));
  await measured(
    load.ofAll(
      routes.filter((route) => route.requests === undefined),
      MIXED_ROUNDS,
    ),
  );
  load.close();
  await Promise.all([service.program.stop(), background.program.stop()]);
  const slow = figures.filter((route) => route.p95 >= TARGET_P95_MS || route.failures > 0).map((route) => route.route);
  return { orders: ORDERS, clients: CLIENTS, targetP95Ms: TARGET_P95_MS, missed: slow, unmeasured: forgotten, routes: figures };
}

async function syncs(stage: Stage) {
  const sandbox = await stage.sandbox('--orders', '100', '--sellers', String(RUNS.accounts), '--arrival-ms', String(ARRIVAL_MS));
  const database = await stage.database();
  const service = await stage.service({ database, sandbox });
  const figures = await measureRuns({ service: service.api, sandbox, database }, RUNS);
  const share = figures.succeeded / figures.runs;
  tell(
    `${String(figures.succeeded)} of ${String(figures.runs)} runs succeeded (${String(figures.succeededAtOnce)} at the first try), lost ${String(figures.lost)}, doubled ${String(figures.doubled)}`,
  );
  return { ...figures, share, targetShare: TARGET_SHARE, met: share >= TARGET_SHARE && figures.lost + figures.doubled === 0 };
}

interface Figures {
  readonly reads?: Awaited<ReturnType<typeof reads>>;
  readonly syncs?: Awaited<ReturnType<typeof syncs>>;
}

const missed = ({ reads: ofReads, syncs: ofSyncs }: Figures): string[] => [...(ofReads?.missed ?? []), ...(ofSyncs && !ofSyncs.met ? ['syncs'] : [])];

async function bench(parts: RunningParts): Promise<Figures> {
  const [only, routes = ''] = process.argv.slice(2);
  const stage = await Stage.open(parts);
  return {
    ...(only === 'syncs' ? {} : { reads: await reads(stage, routes) }),
    ...(only === 'reads' ? {} : { syncs: await syncs(stage) }),
  };
}

await runBench('targets', WITHIN_MS, bench, missed);
