import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { World } from '../world.js';
import { dispatch } from './dispatch.js';
import { noSuchResource, serverError, wrongMethod } from './error-replies.js';
import type { Exchange, Route } from './exchange.js';
import type { Reply } from './reply.js';
import { Router } from './router.js';
import { sendReply } from './send-reply.js';

/** No request of the sandbox's is longer than a form with a token in it. */
const GREATEST_BODY_BYTES = 256 * 1024;

/** Longer than clients keep idle connections, so that it is they who close them. */
const KEEP_ALIVE_MS = 75_000;

async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > GREATEST_BODY_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

interface Answered {
  readonly answer: Reply;
  readonly route: string;
}

/** One sandbox's server: routes requests, counts them, sends the answers. */
export class SandboxServer {
  readonly #world: World;
  readonly #router: Router;
  readonly #server: Server;

  constructor(world: World, routes: readonly Route[]) {
    this.#world = world;
    this.#router = new Router(routes);
    this.#server = createServer((request, response) => {
      void this.#serve(request, response);
    });
    this.#server.keepAliveTimeout = KEEP_ALIVE_MS;
  }

  /** Listens and answers the port. */
  async listen(port: number, host: string): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, resolve);
    });
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#server.close(() => {
        resolve();
      });
      this.#server.closeAllConnections();
    });
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { counters } = this.#world;
    counters.enter();
    let route = 'unknown';
    let status = 0;
    try {
      const answered = await this.#answer(request);
      route = answered.route;
      status = answered.answer.manner === 'reset' ? 0 : answered.answer.status;
      if (!response.destroyed) await sendReply(response, answered.answer, request.headers['accept-encoding'] ?? '');
    } catch (error) {
      // A bug of the sandbox must not look like a fault it was asked for.
      process.stderr.write(`sandbox: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      response.socket?.destroy();
    } finally {
      counters.leave(route, status);
    }
  }

  async #answer(request: IncomingMessage): Promise<Answered> {
    const method = request.method ?? 'GET';
    const url = new URL(request.url ?? '/', 'http://sandbox');
    const body = await readBody(request);
    const match = this.#router.find(method, url.pathname);
    if (match === null || body === null) return { answer: noSuchResource(url.pathname), route: 'unknown' };
    if (match === 'method') return { answer: wrongMethod(url.pathname), route: 'unknown' };
    const route = `${method} ${match.route.path}`;
    const exchange: Exchange = {
      method,
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      body,
      params: match.params,
      route,
      turn: this.#world.counters.nextTurn(route),
      session: null,
    };
    const isControl = match.route.access === 'control';
    return { answer: await this.#dispatched(match.route, exchange), route: isControl ? 'control' : route };
  }

  async #dispatched(route: Route, exchange: Exchange): Promise<Reply> {
    try {
      return await dispatch(this.#world, route, exchange);
    } catch (error) {
      process.stderr.write(`sandbox: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      return serverError(500);
    }
  }
}
