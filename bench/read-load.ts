import { Agent, get } from 'node:http';
import { type Percentiles, percentilesOf } from './percentiles.js';

export interface Route {
  readonly name: string;
  /** The address of the n-th request, so that not always the same row is asked for. */
  readonly path: (turn: number) => string;
  /** Where fewer requests say enough: the route asks Allegro itself, within its budget. */
  readonly requests?: number;
  /** Where a seller may not ask. */
  readonly as?: 'operator';
}

export interface RouteFigures extends Percentiles {
  readonly route: string;
  readonly requests: number;
  readonly perSecond: number;
  /** Answers that were not 200. */
  readonly failures: number;
}

/** Enough that the 99th percentile rests on more than a few requests. */
const REQUESTS = 400;
/** Compiled code, prepared plans, warm pages: a service runs for weeks. */
const WARM_UP = 60;

/** Clients that each send their next request as soon as they have the last answer, over one kept connection each. */
export class ReadLoad {
  private readonly agents: Agent[];

  constructor(
    private readonly baseUrl: string,
    private readonly jwts: { readonly seller: string; readonly operator: string },
    clients: number,
  ) {
    this.agents = Array.from({ length: clients }, () => new Agent({ keepAlive: true, maxSockets: 1 }));
  }

  /** All clients ask for the same route, harder than any frontend would. */
  async ofRoute(route: Route): Promise<RouteFigures> {
    const requests = route.requests ?? REQUESTS;
    await this.send(Array.from({ length: Math.min(WARM_UP, requests) }, (_, turn) => requestOf(route, turn)));
    const startedAt = performance.now();
    const answers = await this.send(Array.from({ length: requests }, (_, turn) => requestOf(route, turn)));
    return figuresOf(route.name, answers, performance.now() - startedAt);
  }

  /** All routes in turn from all clients at once. */
  async ofAll(routes: readonly Route[], rounds: number): Promise<RouteFigures> {
    const requests = Array.from({ length: rounds }, (_, round) => routes.map((route) => requestOf(route, round))).flat();
    const startedAt = performance.now();
    return figuresOf('all routes in turn', await this.send(requests), performance.now() - startedAt);
  }

  close(): void {
    for (const agent of this.agents) agent.destroy();
  }

  private async send(requests: readonly Request[]): Promise<Answer[]> {
    const waiting = [...requests].reverse();
    const answers: Answer[] = [];
    const client = async (agent: Agent): Promise<void> => {
      for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) answers.push(await this.ask(next, agent));
    };
    await Promise.all(this.agents.map(client));
    return answers;
  }

  private ask({ path, as }: Request, agent: Agent): Promise<Answer> {
    const startedAt = performance.now();
    return new Promise((resolve, reject) => {
      get(new URL(path, this.baseUrl), { agent, headers: { authorization: `Bearer ${this.jwts[as]}` } }, (response) => {
        response.resume();
        response.once('error', reject);
        response.once('end', () => {
          resolve({ ms: performance.now() - startedAt, status: response.statusCode ?? 0 });
        });
      }).once('error', reject);
    });
  }
}

interface Request {
  readonly path: string;
  readonly as: 'seller' | 'operator';
}

const requestOf = (route: Route, turn: number): Request => ({ path: route.path(turn), as: route.as ?? 'seller' });

interface Answer {
  readonly ms: number;
  readonly status: number;
}

function figuresOf(route: string, answers: readonly Answer[], tookMs: number): RouteFigures {
  const times = answers.map((answer) => answer.ms);
  const failures = answers.filter((answer) => answer.status !== 200).length;
  return { route, requests: answers.length, perSecond: Math.round((answers.length / tookMs) * 1_000), failures, ...percentilesOf(times) };
}
