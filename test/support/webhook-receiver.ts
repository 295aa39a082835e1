import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly status: number;
}

/** How a receiver answers one request; resolves when it has. @returns the status it gave */
export type Answering = (request: Omit<Received, 'status'>, response: ServerResponse) => number | Promise<number>;

export const answering =
  (status: number, headers: Readonly<Record<string, string>> = {}, body = ''): Answering =>
  (_, response) => {
    response.writeHead(status, headers).end(body);
    return status;
  };

/** A receiver of webhooks on this machine that remembers what it was sent. */
export class TestReceiver {
  readonly received: Received[] = [];
  connections = 0;

  private constructor(
    private readonly server: Server,
    public answer: Answering,
  ) {}

  static async start(answer: Answering = answering(204)): Promise<TestReceiver> {
    const server = createServer();
    const receiver = new TestReceiver(server, answer);
    server.on('connection', () => (receiver.connections += 1));
    server.on('request', (request, response) => {
      void text(request).then(async (body) => {
        const status = await receiver.answer({ headers: request.headers, body }, response);
        receiver.received.push({ headers: request.headers, body, status });
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${String(this.port)}/hooks`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
