import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  readonly atMs: number;
}

export type Reply = (request: ReceivedRequest, response: ServerResponse) => void;

export interface FakeAllegro {
  readonly url: string;
  readonly requests: ReceivedRequest[];
  /** Answers every following request; the last one given counts. */
  reply: Reply;
  close(): Promise<void>;
}

/** A reply with a JSON body, as Allegro sends it. */
export function json(body: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Reply {
  return (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/vnd.allegro.public.v1+json;charset=UTF-8', 'trace-id': '0123456789abcdef', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
}

export function html(status: number): Reply {
  return (_request, response) => {
    response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' });
    response.end('<html><head><title>One moment, please</title></head></html>');
  };
}

/** Each request takes the next reply; the last one repeats. */
export function inTurn(...replies: Reply[]): Reply {
  let turn = 0;
  return (request, response) => {
    replies[Math.min(turn, replies.length - 1)]?.(request, response);
    turn += 1;
  };
}

/** A bare HTTP server in Allegro's place, for answers no well-behaved server gives. */
export async function startFakeAllegro(): Promise<FakeAllegro> {
  const requests: ReceivedRequest[] = [];
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const address = new URL(incoming.url ?? '/', 'http://fake');
      const request = {
        method: incoming.method ?? '',
        path: address.pathname,
        query: address.searchParams,
        headers: incoming.headers,
        body: Buffer.concat(chunks).toString(),
        atMs: performance.now(),
      };
      requests.push(request);
      fake.reply(request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const fake: FakeAllegro = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    reply: json({}, 500),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return fake;
}
