import { setTimeout as delay } from 'node:timers/promises';
import { RefusedCall } from './refused-call.js';

export type Answer = Record<string, unknown>;

/** The contract's clients give up after 10 s. */
const TIMEOUT_MS = 10_000;
const POLL_MS = 100;

/** Calls one HTTP API with JSON in and out, as any frontend would. */
export class HttpApi {
  constructor(
    private readonly baseUrl: string,
    private readonly bearer: string | null = null,
  ) {}

  get(path: string): Promise<Answer> {
    return this.call('GET', path);
  }

  post(path: string, body: object = {}): Promise<Answer> {
    return this.call('POST', path, body);
  }

  patch(path: string, body: object): Promise<Answer> {
    return this.call('PATCH', path, body);
  }

  private async call(method: string, path: string, body?: object): Promise<Answer> {
    const response = await fetch(new URL(path, this.baseUrl), {
      method,
      headers: { ...(body && { 'content-type': 'application/json' }), ...(this.bearer !== null && { authorization: `Bearer ${this.bearer}` }) },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    if (!response.ok) throw new RefusedCall(`${method} ${path.split('?')[0] ?? path}`, response.status, text);
    return JSON.parse(text) as Answer;
  }
}

/**
 * Asks again until the answer is there.
 * @throws Error naming what was awaited when the time is over
 */
export async function until<T>(what: string, timeoutMs: number, ask: () => Promise<T | null>): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== null) return answer;
    if (performance.now() > deadline) throw new Error(`${what} did not happen within ${String(timeoutMs / 1_000)} s`);
    await delay(POLL_MS);
  }
}
