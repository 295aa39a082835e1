import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventFrame, written } from './change-stream.js';

/** Larger than what the two sockets take up together. */
const FRAME = eventFrame('1', { text: 'x'.repeat(1_048_576) });
const STALLED_AFTER_MS = 300;

let server: Server;
let address: string;

beforeAll(async () => {
  server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  address = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** Both ends of one stream; the client has read nothing yet. */
async function stream(): Promise<{ response: ServerResponse; client: IncomingMessage }> {
  const asked = once(server, 'request') as Promise<[IncomingMessage, ServerResponse]>;
  const answered = once(get(address), 'response') as Promise<[IncomingMessage]>;
  const [, response] = await asked;
  response.writeHead(200);
  response.flushHeaders();
  const [client] = await answered;
  client.on('error', () => undefined);
  return { response, client };
}

describe('a stream', () => {
  it('is written no faster than it is read, and never holds more than a frame', async () => {
    const { response, client } = await stream();
    client.resume();
    for (let frame = 0; frame < 20; frame += 1) {
      expect(await written(response, FRAME, STALLED_AFTER_MS)).toBe(true);
      expect(response.writableLength).toBeLessThan(FRAME.length);
    }
    response.end();
  });

  it('ends for a client that stops reading', async () => {
    const { response } = await stream();
    let frames = 0;
    while (frames < 100 && (await written(response, FRAME, STALLED_AFTER_MS))) frames += 1;
    expect(frames).toBeLessThan(100);
    expect(response.destroyed).toBe(true);
    expect(await written(response, FRAME, STALLED_AFTER_MS)).toBe(false);
  });
});
