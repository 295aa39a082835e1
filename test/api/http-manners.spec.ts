import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer, tokenOf } from '../support/access-tokens.js';
import { ProbeController } from '../support/probe.controller.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let probe: TestApp;
let port: number;

beforeAll(async () => {
  probe = await startTestApp({ controllers: [ProbeController], env: { CORS_ORIGINS: 'https://shop.example.com' } });
  await probe.app.listen(0, '127.0.0.1');
  port = Number(new URL(await probe.app.getUrl()).port);
});
afterAll(() => probe.close());

interface Sent {
  readonly method?: 'GET' | 'OPTIONS';
  readonly url?: string;
  readonly headers?: Record<string, string>;
}

const send = ({ method = 'GET', url = '/api/v1/probe', headers = {} }: Sent) =>
  probe.app.inject({ method, url, headers: { ...bearer(tokenOf('a')), ...headers } });

/** Sends bytes as they are and answers with all that comes back before the server closes. */
const sendRaw = (text: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    let received = '';
    socket.on('data', (chunk) => (received += chunk.toString()));
    socket.on('close', () => {
      resolve(received);
    });
    socket.on('error', reject);
  });

describe('a call that ends', () => {
  it('says since when it is deprecated, until when it is there and where to read on, and others say nothing of it', async () => {
    const { headers } = await send({ url: '/api/v1/probe/old' });
    expect(headers).toMatchObject({ deprecation: '@1767225600', sunset: 'Fri, 01 Jan 2027 00:00:00 GMT' });
    expect(headers['link']).toBe('<https://orders.example.com/docs>; rel="deprecation"; type="text/html"');
    expect((await send({})).headers).not.toHaveProperty('deprecation');
    const { paths } = (await send({ url: '/api/v1/openapi.json' })).json<{ paths: Record<string, { get?: { deprecated?: boolean } }> }>();
    expect([paths['/api/v1/probe/old']?.get?.deprecated, paths['/api/v1/probe']?.get?.deprecated]).toEqual([true, undefined]);
  });
});

describe('an address', () => {
  it.each([
    ['/api/v1/probe/items/%00', 400],
    ['/api/v1/probe?x=%00', 400],
    ['/api/v1/probe/items/%ZZ', 400],
    [`/api/v1/probe/items/${'x'.repeat(300)}`, 414],
    ['/api/v1//probe', 404],
    ['//api/v1/probe', 404],
    ['/API/v1/probe', 404],
    ['/api/v1/Probe', 404],
    ['/api/v1/probe.json', 404],
    ['/api/v1/x/..;/probe', 404],
    ['/api/v1%2Fprobe', 404],
    ['/.git/config', 404],
    ['/.env', 404],
    ['/docs/..%2f..%2fpackage.json', 404],
    ['/docs/swagger-ui.css.map', 404],
    ['/docs/package.json', 404],
    ['/docs/__proto__', 404],
  ])('%s is %i, in the shape of every refusal', async (url, status) => {
    const answer = await send({ url });
    expect(answer.statusCode).toBe(status);
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
    expect(answer.json()).toMatchObject({ status, detail: expect.any(String), request_id: answer.headers['x-request-id'] });
  });

  it.each(['/api/v1/./probe', '/api/v1/x/../probe', '/api/v1/x/%2e%2e/probe', '/api/v1/probe/../probe'])(
    'with dots is taken as it is written: %s',
    async (path) => {
      const answer = await sendRaw(`GET ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${tokenOf('a')}\r\nConnection: close\r\n\r\n`);
      expect(answer).toMatch(/^HTTP\/1\.1 404 /);
    },
  );

  it('may end in a slash, also below a collection', async () => {
    expect((await send({ url: '/api/v1/probe/items/1/' })).json()).toEqual({ id: '1' });
  });
});

describe('an answer', () => {
  it('is never cached, framed or sniffed', async () => {
    const { headers } = await send({});
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
    });
    expect(headers['x-demo-mode']).toBeUndefined();
    expect(headers['x-powered-by']).toBeUndefined();
  });

  it('echoes a sane request id and replaces any other', async () => {
    const echoed = await send({ headers: { 'x-request-id': 'call-0123456789' } });
    expect(echoed.headers['x-request-id']).toBe('call-0123456789');
    const replaced = await send({ headers: { 'x-request-id': 'x {"level":60}' } });
    expect(replaced.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('to an unexpected failure tells nothing but the request id', async () => {
    const answer = await send({ url: '/api/v1/probe/failure' });
    expect(answer.statusCode).toBe(500);
    expect(answer.json()).toMatchObject({ code: 'INTERNAL_ERROR', request_id: answer.headers['x-request-id'] });
    expect(answer.body).not.toMatch(/secret|select|table|srv|\.ts|at /);
    const logged = probe.logLines.find((line) => line.includes('hidden_table') && line.includes(String(answer.headers['x-request-id'])));
    expect(logged).toContain('"stack":[');
  });
});

describe('other origins', () => {
  const preflight = (origin: string) =>
    send({ method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'GET', 'access-control-request-headers': 'authorization' } });

  it('from the settings are let in, without credentials', async () => {
    const { headers } = await preflight('https://shop.example.com');
    expect(headers['access-control-allow-origin']).toBe('https://shop.example.com');
    expect(headers['access-control-allow-credentials']).toBeUndefined();
  });

  it.each(['https://evil.example.com', 'null', 'https://shop.example.com.evil.example', 'http://shop.example.com', 'https://SHOP.example.com'])(
    'are not let in: %s',
    async (origin) => {
      expect((await preflight(origin)).headers['access-control-allow-origin']).toBeUndefined();
      const answer = await send({ headers: { origin } });
      expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    },
  );
});

describe('bytes that are no request', () => {
  const head = `POST /api/v1/probe HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${tokenOf('a')}\r\nContent-Type: application/json\r\n`;

  it.each([
    ['a length and chunks', `${head}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
    ['two lengths', `${head}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`],
    ['a folded header', `${head}X-A: a\r\n b\r\n\r\n`],
    ['no HTTP', 'hello\r\n\r\n'],
    ['a bad chunk', `${head}Transfer-Encoding: chunked\r\n\r\nzz\r\n`],
    ['a header of 20 kB', `${head}X-A: ${'a'.repeat(20_000)}\r\n\r\n`],
  ])('get a refusal and a closed connection: %s', async (_name, text) => {
    const answer = await sendRaw(text);
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(answer).toContain('application/problem+json');
  });

  it('two types for one body are 415', async () => {
    const answer = await sendRaw(`${head}Content-Type: text/plain\r\nConnection: close\r\nContent-Length: 20\r\n\r\n{"account_name":"a"}`);
    expect(answer).toMatch(/^HTTP\/1\.1 415 /);
  });
});

it('has a time-out for each phase of a request', () => {
  const fastify = probe.app.getHttpAdapter().getInstance();
  expect(fastify.server.requestTimeout).toBeGreaterThan(0);
  expect(fastify.server.timeout).toBeGreaterThan(0);
  expect(fastify.server.keepAliveTimeout).toBeGreaterThan(0);
  expect(fastify.server.headersTimeout).toBeGreaterThan(0);
  expect(fastify.initialConfig).toMatchObject({ handlerTimeout: 30_000, bodyLimit: 1_048_576 });
});
