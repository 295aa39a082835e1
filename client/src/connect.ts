import { createClient } from './generated/client/client.gen.js';
import type { Client } from './generated/client/types.gen.js';
import { patientFetch, type Patience } from './patient-fetch.js';
import { problemOf } from './service-problem.js';

export interface ConnectSettings extends Partial<Patience> {
  /** Where the service is, such as `https://orders.example.com`; without `/api/v1`. */
  readonly baseUrl: string;
  /** An access token or a machine key; as a function it is asked for each call, so that a token may be renewed. */
  readonly token: string | (() => string | Promise<string>);
  /** Another fetch than the global one. */
  readonly fetch?: (request: Request) => Promise<Response>;
}

/** Three waits of a rate limit's window are more than a person waits for. */
const TRIES = 4;
/** The service's rate limits are per minute. */
const LONGEST_WAIT_MS = 60_000;

/** A client of one service and one caller, for the functions of this package: `listOrders({ client, query })`. */
export function connect({ baseUrl, token, fetch = globalThis.fetch, tries = TRIES, longestWaitMs = LONGEST_WAIT_MS }: ConnectSettings): Client {
  const client = createClient({
    baseUrl: baseUrl.replace(/\/$/, ''),
    auth: () => (typeof token === 'function' ? token() : token),
    // Called as a plain function: browsers refuse a fetch that is a method of something else.
    fetch: patientFetch((request) => fetch(request), { tries, longestWaitMs }) as typeof globalThis.fetch,
    throwOnError: true,
  });
  client.interceptors.error.use((error, response) => problemOf(error, response));
  return client;
}
