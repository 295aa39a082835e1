import { randomUUID } from 'node:crypto';

/** What proxies and clients really send: UUIDs, ULIDs, trace ids. Anything else could be meant for the log's reader. */
const SANE_ID = /^[\w.:-]{8,64}$/;

/** The caller's `X-Request-Id` when it is one, else a new one. */
export function requestIdOf(header: string | string[] | undefined): string {
  return typeof header === 'string' && SANE_ID.test(header) ? header : randomUUID();
}
