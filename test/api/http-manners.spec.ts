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

type Method = 'GET' | 'POST' | 'DELETE' | 'OPTIONS' | 'PUT';

interface Sent {
  readonly method?: Method;
  readonly url?: string;
  readonly type?: string | null;
  readonly body?: string | Buffer;
  readonly headers?: Record<string, string>;
}

const send = ({ method = 'POST', url = '/api/v1/probe', type = 'application/json', body, headers = {} }: Sent) =>
  probe.app.inject({
    method,
    url,
    headers: { ...bearer(tokenOf('a')), ...(type === null ? {} : { 'content-type': type }), ...headers },
    ...(body === undefined ? {} : { payload: body }),
  });

/** Sends bytes as they are and answers with all that comes back before the server closes. */
const sendRaw = (text: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    let received = '';
    socket.on('data', (chunk) => (received += chunk.toString()));
    socket.on('close', () => { resolve(received); });
    socket.on('error', reject);
  });

const query = (text: string) => send({ method: 'GET', type: null, url: `/api/v1/probe/query?${text}` });

describe('a body', () => {
  it('is read and checked when it is JSON', async () => {
    const answer = await send({ body: '{"account_name":"Sklep Łódź 🛒","count":2}' });
    expect(answer.statusCode).toBe(201);
    expect(answer.json()).toEqual({ account_name: 'Sklep Łódź 🛒', count: 2 });
  });

  it.each(['application/json', 'Application/JSON', 'application/json; charset=utf-8', 'application/json;charset="UTF-8"'])('may be called %s', async (type) => {
    expect((await send({ type, body: '{"account_name":"a"}' })).statusCode).toBe(201);
  });

  it.each([
    null, 'text/plain', 'application/json\t;', 'application/json ;x', 'application/json;x=1', 'application/jsonx', 'application/vnd.api+json', 'application/json, text/plain',
    'application/json; charset=utf-16', 'application/json; charset=utf-8; charset=utf-8', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'text/json', '*/*',
  ])('called %j does not reach the handler', async (type) => {
    const before = ProbeController.handled;
    const answer = await send({ type, body: '{"account_name":"a","unknown":1}' });
    expect(answer.statusCode).toBe(415);
    expect(answer.json()).toMatchObject({ code: 'MEDIA_TYPE_NOT_SUPPORTED', detail: expect.any(String) });
    expect(ProbeController.handled).toBe(before);
  });

  it.each<readonly [Method, string]>([['POST', '/api/v1/probe/bare'], ['DELETE', '/api/v1/probe/items/1'], ['GET', '/api/v1/probe']])(
    'that is empty is no body, though its type is announced: %s',
    async (method, url) => {
      expect((await send({ method, url })).statusCode).toBeLessThan(300);
    },
  );

  it('that is missing where one is needed is 422 and names the field', async () => {
    const answer = await send({});
    expect(answer.statusCode).toBe(422);
    expect(answer.json()).toMatchObject({ code: 'VALIDATION_FAILED', errors: [{ field: 'account_name', message: expect.any(String) }] });
  });

  it('with unknown fields is refused, each of them named', async () => {
    const answer = await send({ body: '{"account_name":"a","role":"operator","tenantId":"b"}' });
    expect(answer.statusCode).toBe(422);
    expect(answer.json<{ errors: { field: string }[] }>().errors.map(({ field }) => field)).toEqual(['role', 'tenantId']);
  });

  it.each(['[]', '"text"', '7', 'true', '[{"account_name":"a"}]'])('that is no object is refused: %s', async (body) => {
    expect([400, 422]).toContain((await send({ body })).statusCode);
  });

  it.each(['{"account_name":7}', '{"account_name":["a"]}', '{"account_name":{"toString":"a"}}', '{"account_name":null}', '{"account_name":"a","count":"1e3"}', '{"account_name":"a","count":1.5}'])(
    'is never converted to fit: %s',
    async (body) => {
      expect((await send({ body })).statusCode).toBe(422);
    },
  );

  it.each([
    ['cut off', '{"account_name":"a"'],
    ['trailing data', '{"account_name":"a"} {}'],
    ['a comment', '{"account_name":"a" /* b */}'],
    ['repeated names', '{"account_name":"a","account_name":"b"}'],
    ['repeated names, one of them escaped', '{"account_name":"a","\\u0061ccount_name":"b"}'],
    ['a prototype', '{"account_name":"a","__proto__":{"count":1}}'],
    ['a constructor', '{"account_name":"a","constructor":{"prototype":{}}}'],
    ['an infinite number', '{"account_name":"a","count":1e400}'],
    ['a number JavaScript cannot hold', '{"account_name":"a","count":9007199254740993}'],
    ['a NUL character', '{"account_name":"a\\u0000b"}'],
    ['half of a surrogate pair', '{"account_name":"\\ud800"}'],
    ['100,000 levels', '['.repeat(100_000)],
    ['100,000 closed levels', '['.repeat(100_000) + ']'.repeat(100_000)],
    ['100,000 members', `{${Array.from({ length: 100_000 }, (_, index) => `"${index.toString(36)}":1`).join(',')}}`],
    ['bytes that are no UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d])],
    ['no JSON at all', 'account_name=a'],
    ['blanks alone', '   '],
  ])('with %s is 400', async (_name, body) => {
    const answer = await send({ body });
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code: 'BODY_NOT_JSON' });
  });

  it('larger than 1 MiB is 413', async () => {
    expect((await send({ body: JSON.stringify({ account_name: 'a'.repeat(1_048_576) }) })).statusCode).toBe(413);
  });
});

describe('a query', () => {
  it('has its fallbacks, and unknown parameters are ignored', async () => {
    const answer = await query('unknown=1&constructor=2&__proto__=3');
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({ limit: 50, per_page: 10 });
  });

  it.each([['true', true], ['True', true], ['1', true], ['false', false], ['False', false], ['0', false]])('reads the boolean %s', async (text, value) => {
    expect((await query(`flag=${text}`)).json()).toMatchObject({ flag: value });
  });

  it.each([
    ['2026-03-01T12:00:00Z', '2026-03-01T12:00:00.000Z'],
    ['2026-03-01T12:00:00', '2026-03-01T12:00:00.000Z'],
    ['2026-03-01T12:00:00.1234567', '2026-03-01T12:00:00.123Z'],
    ['2026-03-01T12:00:00%2B02:00', '2026-03-01T10:00:00.000Z'],
    ['2026-03-01T12:00:00+02:00', '2026-03-01T10:00:00.000Z'],
    ['2026-03-01', '2026-03-01T00:00:00.000Z'],
  ])('reads the instant %s', async (text, value) => {
    expect((await query(`from_date=${text}`)).json()).toMatchObject({ from_date: value });
  });

  it('cuts a page size that is too large', async () => {
    expect((await query('per_page=1000')).json()).toMatchObject({ per_page: 100 });
  });

  it.each([
    ...['limit=0', 'limit=-1', 'limit=101', 'limit=1000000000', 'limit=1.5', 'limit=0x10', 'limit=NaN', 'limit=%2010', 'limit=', 'limit=1e1', 'limit=1&limit=2', 'per_page=0', 'per_page=x'],
    ...['flag=yes', 'flag=', 'flag=TRUE', 'flag=true&flag=false'],
    ...['from_date=0000-01-01', 'from_date=%2B275760-09-13', 'from_date=2026-02-30', 'from_date=2026-02-30T00:00:00Z', 'from_date=2026-01-01T00:00:00%2B25:00'],
    ...['from_date=2026-01-01T24:00:00Z', 'from_date=1', 'from_date=today', 'from_date=2026-13-01', 'from_date=', "from_date='"],
  ])('that does not validate is 422 and names the parameter: %s', async (text) => {
    const answer = await query(text);
    expect(answer.statusCode).toBe(422);
    expect(answer.json()).toMatchObject({ errors: [{ field: text.split('=')[0], message: expect.any(String) }] });
  });
});

describe('an address', () => {
  it.each([
    ['/api/v1/probe/items/%00', 400], ['/api/v1/probe?x=%00', 400], ['/api/v1/probe/items/%ZZ', 400], [`/api/v1/probe/items/${'x'.repeat(300)}`, 414],
    ['/api/v1//probe', 404], ['//api/v1/probe', 404], ['/API/v1/probe', 404], ['/api/v1/Probe', 404], ['/api/v1/probe.json', 404], 
    ['/api/v1/x/..;/probe', 404], ['/api/v1%2Fprobe', 404], ['/.git/config', 404], ['/.env', 404], ['/docs/..%2f..%2fpackage.json', 404],
    ['/docs/swagger-ui.css.map', 404], ['/docs/package.json', 404], ['/docs/__proto__', 404],
  ])('%s is %i, in the shape of every refusal', async (url, status) => {
    const answer = await send({ method: 'GET', type: null, url });
    expect(answer.statusCode).toBe(status);
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
    expect(answer.json()).toMatchObject({ status, detail: expect.any(String), request_id: answer.headers['x-request-id'] });
  });

  it.each(['/api/v1/./probe', '/api/v1/x/../probe', '/api/v1/x/%2e%2e/probe', '/api/v1/probe/../probe'])('with dots is taken as it is written: %s', async (path) => {
    const answer = await sendRaw(`GET ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${tokenOf('a')}\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 404 /);
  });

  it('may end in a slash, also below a collection', async () => {
    expect((await send({ method: 'GET', type: null, url: '/api/v1/probe/items/1/' })).json()).toEqual({ id: '1' });
  });
});

describe('an answer', () => {
  it('is never cached, framed or sniffed', async () => {
    const { headers } = await send({ method: 'GET', type: null });
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
    const echoed = await send({ method: 'GET', type: null, headers: { 'x-request-id': 'call-0123456789' } });
    expect(echoed.headers['x-request-id']).toBe('call-0123456789');
    const replaced = await send({ method: 'GET', type: null, headers: { 'x-request-id': 'x {"level":60}' } });
    expect(replaced.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('to an unexpected failure tells nothing but the request id', async () => {
    const answer = await send({ method: 'GET', type: null, url: '/api/v1/probe/failure' });
    expect(answer.statusCode).toBe(500);
    expect(answer.json()).toMatchObject({ code: 'INTERNAL_ERROR', request_id: answer.headers['x-request-id'] });
    expect(answer.body).not.toMatch(/secret|select|table|srv|\.ts|at /);
    const logged = probe.logLines.find((line) => line.includes('hidden_table') && line.includes(String(answer.headers['x-request-id'])));
    expect(logged).toContain('"stack":[');
  });
});

describe('other origins', () => {
  const preflight = (origin: string) =>
    send({ method: 'OPTIONS', type: null, headers: { origin, 'access-control-request-method': 'GET', 'access-control-request-headers': 'authorization' } });

  it('from the settings are let in, without credentials', async () => {
    const { headers } = await preflight('https://shop.example.com');
    expect(headers['access-control-allow-origin']).toBe('https://shop.example.com');
    expect(headers['access-control-allow-credentials']).toBeUndefined();
  });

  it.each(['https://evil.example.com', 'null', 'https://shop.example.com.evil.example', 'http://shop.example.com', 'https://SHOP.example.com'])('are not let in: %s', async (origin) => {
    expect((await preflight(origin)).headers['access-control-allow-origin']).toBeUndefined();
    const answer = await send({ method: 'GET', type: null, headers: { origin } });
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  });
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
