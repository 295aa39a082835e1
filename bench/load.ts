// `npm run bench:load -- [ORDERS]`: 150 people at work for a minute in one account: four of five requests read, one sets a flag.
import { Agent, request } from 'node:http';
import type { RunningParts } from '../launcher/running-parts.js';
import { type LargeAccount, largeAccount } from './large-account.js';
import { percentilesOf } from './percentiles.js';
import { FLAGGED_EVERY } from './read-stage.js';
import { runBench, tell } from './run-bench.js';
import { Stage } from './stage.js';

const ORDERS = 1_000_000;
const USERS = 150;
const FOR_MS = 60_000;
/** One of five requests sets a flag. */
const WRITES = 5;
/** Between an answer and the next click: together some 280 requests a second. */
const LEAST_PAUSE_MS = 400;
const MOST_PAUSE_MS = 600;
/** Clicks that are made before anybody measures: compiled code, prepared plans, warm pages. */
const WARM_UP_MS = 10_000;
const WITHIN_MS = 3_600_000;

interface Click {
  readonly kind: 'read' | 'write';
  readonly path: string;
  readonly body?: object;
}

interface Answer {
  readonly kind: 'read' | 'write';
  readonly ms: number;
  readonly status: number;
}

/** What the n-th click of a user asks for: pages with the filters of a frontend, single orders, a search now and then. */
function clickOf({ subjects }: LargeAccount, user: number, turn: number): Click {
  const { tokenId, orderIds } = subjects;
  const at = (path: string, query = '') => `/api/v1/orders${path}?token_id=${tokenId}${query}`;
  const place = (user * 7_919 + turn * 104_729) % orderIds.length;
  if ((user + turn) % WRITES === 0) {
    // Of the orders whose flags were set before: some of the others are claimed by somebody.
    const flagged = orderIds[place - (place % FLAGGED_EVERY)] ?? '';
    const isEven = turn % 2 === 0;
    return turn % 3 === 0
      ? { kind: 'write', path: at(`/${flagged}/invoice-status`), body: { has_invoice_created: isEven } }
      : { kind: 'write', path: at(`/${flagged}/stock-status`), body: { is_stock_updated: isEven } };
  }
  const order = orderIds[place] ?? '';
  const reads = [
    at('', '&limit=50'),
    at('', '&stock_updated=false'),
    at('', '&invoice_created=false'),
    at('', '&invoice_created=true&stock_updated=true'),
    at('', '&status=SENT'),
    at(`/${order}`),
    at(`/${order}/technical-flags`),
    at('/technical-flags/summary'),
    at('/search', '&query=gzegzolka'),
  ];
  return { kind: 'read', path: reads[(user * 31 + turn) % reads.length] ?? '' };
}

function send(url: string, jwt: string, agent: Agent, { kind, path, body }: Click): Promise<Answer> {
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${jwt}`, ...(body ? { 'content-type': 'application/json' } : {}) };
    const sent = request(new URL(path, url), { agent, headers, method: body ? 'PATCH' : 'GET' }, (response) => {
      response.resume();
      response.once('error', reject);
      response.once('end', () => {
        resolve({ kind, ms: performance.now() - startedAt, status: response.statusCode ?? 0 });
      });
    });
    sent.once('error', reject);
    sent.end(body && JSON.stringify(body));
  });
}

const pause = (user: number, turn: number): Promise<void> => {
  const share = ((user * 131 + turn * 197) % 1_000) / 1_000;
  return new Promise((resolve) => setTimeout(resolve, LEAST_PAUSE_MS + share * (MOST_PAUSE_MS - LEAST_PAUSE_MS)));
};

/** All users at work until `forMs` are over. */
async function work(large: LargeAccount, jwt: string, forMs: number): Promise<Answer[]> {
  const answers: Answer[] = [];
  const end = performance.now() + forMs;
  const user = async (number: number): Promise<void> => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    for (let turn = 0; performance.now() < end; turn += 1) {
      await pause(number, turn);
      answers.push(await send(large.service.url, jwt, agent, clickOf(large, number, turn)));
    }
    agent.destroy();
  };
  await Promise.all(Array.from({ length: USERS }, (_, number) => user(number)));
  return answers;
}

function figuresOf(answers: readonly Answer[], tookMs: number): object {
  const perSecond = Math.round((answers.length / tookMs) * 10_000) / 10;
  return { perSecond, ...percentilesOf(answers.map(({ ms }) => ms)) };
}

async function bench(parts: RunningParts): Promise<object> {
  const stage = await Stage.open(parts);
  const large = await largeAccount(stage, Number(process.argv[2] ?? ORDERS));
  await work(large, stage.jwt, WARM_UP_MS);
  const startedAt = performance.now();
  const answers = await work(large, stage.jwt, FOR_MS);
  const tookMs = performance.now() - startedAt;
  const errors = answers.filter(({ status }) => status !== 200);
  if (errors.length > 0) tell(`refused: ${JSON.stringify(errors.slice(0, 5))}`);
  const [reads, writes] = (['read', 'write'] as const).map((kind) => figuresOf(answers.filter((answer) => answer.kind === kind), tookMs)); // prettier-ignore
  return { users: USERS, errors: errors.length, p95Ms: percentilesOf(answers.map(({ ms }) => ms)).p95, reads, writes };
}

await runBench('load', WITHIN_MS, bench);
