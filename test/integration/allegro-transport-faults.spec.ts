import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { ACCESS_TOKEN, allegroClients, problemOf, type AllegroClients } from '../support/allegro-client.js';
import { html, inTurn, json, startFakeAllegro, type FakeAllegro, type Reply } from '../support/fake-allegro.js';

const CALL = { accountKey: '7', share: 'live' } as const;
const PAGE = '{"events":[{"id":"1"}]}';
const MIB = 1_048_576;

let allegro: FakeAllegro;
let clients: AllegroClients;

beforeEach(async () => {
  allegro = await startFakeAllegro();
  clients = allegroClients(allegro.url);
});

afterEach(async () => {
  await clients.stop();
  await allegro.close();
});

const askEvents = (): Promise<unknown> => clients.orders.events(ACCESS_TOKEN, { limit: 1000 }, CALL).then((answered) => answered.value);
const encoded =
  (bytes: Buffer, encoding: string): Reply =>
  (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': encoding });
    response.end(bytes);
  };
const cut: Reply = (_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '500' });
  response.write(PAGE.slice(0, 10), () => response.destroy());
};

describe('a broken transfer', () => {
  it.each<[string, Reply]>([
    ['a connection closed before the headers', (_request, response) => void response.destroy()],
    ['a body cut off before its length', cut],
    [
      'a chunked body cut off',
      (_request, response) => void response.writeHead(200, { 'content-type': 'application/json' }).write('{"ev', () => response.destroy()),
    ],
    ['a gzip stream cut off', (request, response) => encoded(gzipSync(PAGE.repeat(50)).subarray(0, 40), 'gzip')(request, response)],
    ['an answer 503', json({ errors: [] }, 503)],
    ['an answer 500 with HTML', html(500)],
  ])('%s is asked for again', async (_name, fault) => {
    allegro.reply = inTurn(fault, json(PAGE));
    expect(await askEvents()).toEqual([{ id: '1' }]);
    expect(allegro.requests).toHaveLength(2);
  });

  it('is given up after two retries', async () => {
    allegro.reply = cut;
    expect(await problemOf(askEvents())).toMatchObject({ kind: 'unavailable', blame: 'allegro' });
    expect(allegro.requests).toHaveLength(3);
  });

  it('an answer whose body came whole counts, whatever happens to the connection then', async () => {
    allegro.reply = (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': String(PAGE.length) });
      response.end(PAGE, () => response.socket?.resetAndDestroy());
    };
    expect(await askEvents()).toEqual([{ id: '1' }]);
    expect(allegro.requests).toHaveLength(1);
  });

  it.each([
    ['gzip', gzipSync(PAGE)],
    ['br', brotliCompressSync(PAGE)],
    ['gzip, br', brotliCompressSync(gzipSync(PAGE))],
    ['identity', Buffer.from(PAGE)],
  ])('an answer encoded as %s is read', async (encoding, bytes) => {
    allegro.reply = encoded(bytes, encoding);
    expect(await askEvents()).toEqual([{ id: '1' }]);
  });

  it.each([
    ['says gzip and is plain', encoded(Buffer.from(PAGE), 'gzip')],
    ['has six encodings', encoded(Buffer.from(PAGE), 'gzip, gzip, gzip, gzip, gzip, gzip')],
    ['has an unknown encoding', encoded(Buffer.from(PAGE), 'lzma')],
  ])('an answer that %s is malformed', async (_name, reply) => {
    allegro.reply = reply;
    expect((await problemOf(askEvents())).kind).toBe('malformed');
  });
});

describe('an answer too large', () => {
  it('as a gzip bomb ends at 16 MiB without unfolding in memory', async () => {
    // Members of one gzip stream, 640 MiB of zeros together.
    const bomb = Buffer.concat(Array<Buffer>(160).fill(gzipSync(Buffer.alloc(4 * MIB))));
    expect(bomb.length).toBeLessThan(MIB);
    allegro.reply = encoded(bomb, 'gzip');
    let peak = 0;
    const before = process.memoryUsage().external;
    const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage().external)), 1);
    const problem = await problemOf(askEvents()).finally(() => clearInterval(watch));
    expect(problem).toMatchObject({ kind: 'malformed', code: 'ALLEGRO_ANSWER_TOO_LARGE', blame: 'order' });
    expect(peak - before).toBeLessThan(80 * MIB);
    expect(allegro.requests).toHaveLength(1);
  });

  it('as endless JSON ends at 16 MiB, and the sender is hung up on', async () => {
    let sent = 0;
    let hungUp = false;
    allegro.reply = (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const chunk = Buffer.alloc(65_536, 32);
      const pump = (): void => {
        while (!hungUp && response.write(chunk)) sent += chunk.length;
      };
      response.on('drain', pump).on('close', () => (hungUp = true));
      pump();
    };
    expect((await problemOf(askEvents())).code).toBe('ALLEGRO_ANSWER_TOO_LARGE');
    while (!hungUp) await new Promise((resolve) => setImmediate(resolve));
    expect(sent).toBeLessThan(40 * MIB);
  });

  it('as endless empty gzip members ends at 16 MiB of what was sent', async () => {
    const members = Buffer.concat(Array<Buffer>(60_000).fill(gzipSync('')));
    let hungUp = false;
    allegro.reply = (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
      const pump = (): void => {
        while (!hungUp && response.write(members));
      };
      response.on('drain', pump).on('close', () => (hungUp = true));
      pump();
    };
    expect((await problemOf(askEvents())).code).toBe('ALLEGRO_ANSWER_TOO_LARGE');
  });
});

describe('time', () => {
  it('headers that do not come end the request without a retry', async () => {
    clients = allegroClients(allegro.url, { limits: { headersMs: 50 } });
    allegro.reply = () => undefined;
    expect(await problemOf(askEvents())).toMatchObject({ kind: 'unavailable', message: 'Allegro did not answer in time.' });
    expect(allegro.requests).toHaveLength(1);
  });

  it('a body that stops coming ends the request', async () => {
    clients = allegroClients(allegro.url, { limits: { idleMs: 50, retries: 0 } });
    allegro.reply = (_request, response) => void response.writeHead(200, { 'content-type': 'application/json' }).write('{"ev');
    expect(await problemOf(askEvents())).toMatchObject({ kind: 'unavailable', allegroStatus: 200 });
  });

  it('a body that drips is ended by the total time', async () => {
    clients = allegroClients(allegro.url, { limits: { totalMs: { interactive: 120, live: 120, backfill: 120 } } });
    allegro.reply = (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const drip = setInterval(() => response.write(' '), 10);
      response.on('close', () => clearInterval(drip));
    };
    expect((await problemOf(askEvents())).message).toBe('Allegro did not answer in time.');
  });
});

describe('Retry-After', () => {
  it('of a short moment is waited for', async () => {
    allegro.reply = inTurn(json({}, 503, { 'retry-after': '1' }), json(PAGE));
    expect(await askEvents()).toEqual([{ id: '1' }]);
    const [first, second] = allegro.requests;
    expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThanOrEqual(990);
  });

  it('of a longer time is handed to the caller at once', async () => {
    allegro.reply = json({}, 503, { 'retry-after': '120' });
    expect(await problemOf(askEvents())).toMatchObject({ kind: 'unavailable', retryAfterSeconds: 120 });
    expect(allegro.requests).toHaveLength(1);
  });
});

describe('TLS', () => {
  it('that is none is refused under a code of its own, without falling back to plain text', async () => {
    allegro.reply = json(PAGE);
    clients = allegroClients(allegro.url.replace('http:', 'https:'));
    expect(await problemOf(askEvents())).toMatchObject({ kind: 'unavailable', code: 'ALLEGRO_TLS_REFUSED' });
    expect(allegro.requests).toHaveLength(0);
  });
});
