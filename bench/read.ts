// `npm run bench:read -- [ORDERS]`: lists, search and statistics of an account with a million orders, and the list beside a bare server with the same SQL.
import { startChildProgram } from '../launcher/child-program.js';
import type { RunningParts } from '../launcher/running-parts.js';
import { listening } from '../launcher/service-process.js';
import { type LargeAccount, largeAccount } from './large-account.js';
import { ReadLoad, type Route } from './read-load.js';
import { runBench, tell } from './run-bench.js';
import { Stage } from './stage.js';

const ORDERS = 1_000_000;
const CLIENTS = 50;
const REQUESTS = 2_000;
/** Service and bare server in turn, so that neither has the quieter machine. */
const ROUNDS = 5;
/** As many as the service has by default. */
const BARE_CONNECTIONS = 10;
const STANDARD_ERROR = 2;
const WITHIN_MS = 3_600_000;

function routes({ subjects }: LargeAccount): Route[] {
  const fixed = (name: string, path: string): Route => ({ name, path: () => `/api/v1/orders${path}token_id=${subjects.tokenId}`, requests: REQUESTS });
  const search = (name: string, query: string): Route => fixed(`search ${name}`, `/search?query=${encodeURIComponent(query)}&`);
  return [
    fixed('list', '?'),
    ...['stock_updated', 'invoice_created'].flatMap((flag) => ['true', 'false'].map((value) => fixed(`list ${flag}=${value}`, `?${flag}=${value}&`))),
    fixed('list invoice_id', `?invoice_id=${encodeURIComponent(subjects.invoiceId)}&`),
    fixed('list status, stock_updated=false', '?status=SENT&stock_updated=false&'),
    search('name', 'brzeczyszczak'),
    search('two words', 'grażyna gżegżółka'),
    search('misspelled', 'brzeczyszcak'),
    search('order id', subjects.orderIds[0] ?? ''),
    fixed('statistics', '/statistics?'),
    fixed('flags summary', '/technical-flags/summary?'),
  ];
}

/** Requests per second of the service's list over those of the bare server's. */
async function throughputRatio(stage: Stage, parts: RunningParts, large: LargeAccount): Promise<number> {
  const args = [large.database.serviceUrl, large.accountId, String(BARE_CONNECTIONS)];
  const bare = parts.add(
    startChildProgram({ entry: new URL('./bare-list.js', import.meta.url), args, env: process.env, output: STANDARD_ERROR, errors: STANDARD_ERROR }),
  );
  const list: Route = { name: 'list', path: () => `/api/v1/orders?token_id=${large.subjects.tokenId}`, requests: REQUESTS };
  const [ours, theirs] = [new ReadLoad(large.service.url, stage.jwts, CLIENTS), new ReadLoad(await listening(bare), stage.jwts, CLIENTS)];
  const perSecond = { ours: 0, theirs: 0 };
  for (let round = 0; round < ROUNDS; round += 1) {
    perSecond.theirs += (await theirs.ofRoute(list)).perSecond / ROUNDS;
    perSecond.ours += (await ours.ofRoute(list)).perSecond / ROUNDS;
  }
  ours.close();
  theirs.close();
  tell(`list: ${String(Math.round(perSecond.ours))} requests/s, bare server with the same SQL ${String(Math.round(perSecond.theirs))}`);
  return Math.round((perSecond.ours / perSecond.theirs) * 1_000) / 1_000;
}

async function bench(parts: RunningParts): Promise<object> {
  const stage = await Stage.open(parts);
  const large = await largeAccount(stage, Number(process.argv[2] ?? ORDERS));
  const load = new ReadLoad(large.service.url, stage.jwts, CLIENTS);
  const p50Ms: Record<string, number> = {};
  const p99Ms: Record<string, number> = {};
  for (const route of routes(large)) {
    const figures = await load.ofRoute(route);
    if (figures.failures > 0) throw new Error(`${String(figures.failures)} requests of ${route.name} failed`);
    p50Ms[route.name] = figures.p50;
    p99Ms[route.name] = figures.p99;
    tell(`${route.name.padEnd(34)} p50 ${String(figures.p50)} ms, p99 ${String(figures.p99)} ms, ${String(figures.perSecond)}/s`);
  }
  load.close();
  return { throughputRatio: await throughputRatio(stage, parts, large), p50Ms, p99Ms };
}

await runBench('read', WITHIN_MS, bench);
