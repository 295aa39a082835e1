import { afterEach, describe, expect, it } from '@jest/globals';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { ACCESS_TOKEN, allegroClients, problemOf } from '../support/allegro-client.js';

const CALL = { accountKey: '7', share: 'live' } as const;
const PAGE = '{"events":[{"id":"1"}]}';

describe('a server that does not speak HTTP', () => {
  let raw: Server;
  const sockets = new Set<Socket>();

  async function speak(text: string): Promise<string> {
    raw = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end(text));
    });
    await new Promise<void>((resolve) => raw.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(raw.address() as AddressInfo).port}`;
  }

  afterEach(() => {
    for (const socket of sockets) socket.destroy();
    raw.close();
  });

  it.each([
    ['status 0', 'HTTP/1.1 000 Nothing\r\ncontent-length: 0\r\n\r\n'],
    ['status 999', `HTTP/1.1 999 Denied\r\ncontent-type: application/json\r\ncontent-length: ${PAGE.length}\r\n\r\n${PAGE}`],
    ['two status lines', `HTTP/1.1 200 OK\r\nHTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n${PAGE}`],
    ['rubbish', '\u0000\u0001 hello'],
    ['a reset after an interim answer', 'HTTP/1.1 103 Early Hints\r\n\r\n'],
  ])('%s is a failure and nothing else', async (_name, text) => {
    const own = allegroClients(await speak(text), { limits: { retries: 0 } });
    const problem = await problemOf(own.orders.events(ACCESS_TOKEN, { limit: 1 }, CALL)).finally(() => own.stop());
    expect(problem.kind).toBe('unavailable');
  });
});
