import { Server as NetServer } from 'node:net';
import type { Server } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Drain } from './drain.js';

/**
 * Long enough for clients that just got an answer to have sent their next request: closing a listening socket resets the
 * connections its backlog holds, and while all clients wait for an answer there are none.
 */
const QUIET_MS = 150;
/** A client on a kept-alive connection that sends within this time is still answered; then idle connections are closed. */
const IDLE_GRACE_MS = 1_000;
/** Requests in flight get this long in all; the process has 10 s for everything. */
const DEADLINE_MS = 5_000;
const POLL_MS = 20;

function openConnections(server: Server): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  server.getConnections((error, count) => {
    resolve(error === null ? count : 0);
  });
  return promise;
}

/** Ends HTTP without a reset connection: answers what is in flight, asks the clients to go, then stops listening. */
export async function stopHttp(server: Server, drain: Drain): Promise<void> {
  const startedAt = performance.now();
  const elapsedMs = (): number => performance.now() - startedAt;
  drain.begin();
  await delay(QUIET_MS);
  // The close of http.Server would cut idle connections on which a request may be on its way.
  NetServer.prototype.close.call(server);
  drain.release();
  while ((await openConnections(server)) > 0 && elapsedMs() < DEADLINE_MS) {
    if (elapsedMs() > IDLE_GRACE_MS) server.closeIdleConnections();
    await delay(POLL_MS);
  }
  // What is left was never a whole request, or has had its time: it must not keep the process.
  server.closeAllConnections();
}
