import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer, tokenOf } from '../support/access-tokens.js';
import { ProbeController } from '../support/probe.controller.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let probe: TestApp;

beforeAll(async () => {
  probe = await startTestApp({ controllers: [ProbeController] });
});
afterAll(() => probe.close());

type Method = 'GET' | 'POST' | 'DELETE';

interface Sent {
  readonly method?: Method;
  readonly url?: string;
  readonly type?: string | null;
  readonly body?: string | Buffer;
}

const send = ({ method = 'POST', url = '/api/v1/probe', type = 'application/json', body }: Sent) =>
  probe.app.inject({
    method,
    url,
    headers: { ...bearer(tokenOf('a')), ...(type === null ? {} : { 'content-type': type }) },
    ...(body === undefined ? {} : { payload: body }),
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
    null,
    'text/plain',
    'application/json\t;',
    'application/json ;x',
    'application/json;x=1',
    'application/jsonx',
    'application/vnd.api+json',
    'application/json, text/plain',
    'application/json; charset=utf-16',
    'application/json; charset=utf-8; charset=utf-8',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/json',
    '*/*',
  ])('called %j does not reach the handler', async (type) => {
    const before = ProbeController.handled;
    const answer = await send({ type, body: '{"account_name":"a","unknown":1}' });
    expect(answer.statusCode).toBe(415);
    expect(answer.json()).toMatchObject({ code: 'MEDIA_TYPE_NOT_SUPPORTED', detail: expect.any(String) });
    expect(ProbeController.handled).toBe(before);
  });

  it.each<readonly [Method, string]>([
    ['POST', '/api/v1/probe/bare'],
    ['DELETE', '/api/v1/probe/items/1'],
    ['GET', '/api/v1/probe'],
  ])('that is empty is no body, though its type is announced: %s', async (method, url) => {
    expect((await send({ method, url })).statusCode).toBeLessThan(300);
  });

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

  it.each([
    '{"account_name":7}',
    '{"account_name":["a"]}',
    '{"account_name":{"toString":"a"}}',
    '{"account_name":null}',
    '{"account_name":"a","count":"1e3"}',
    '{"account_name":"a","count":1.5}',
  ])('is never converted to fit: %s', async (body) => {
    expect((await send({ body })).statusCode).toBe(422);
  });

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

  it.each([
    ['true', true],
    ['True', true],
    ['1', true],
    ['false', false],
    ['False', false],
    ['0', false],
  ])('reads the boolean %s', async (text, value) => {
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
    ...[
      'limit=0',
      'limit=-1',
      'limit=101',
      'limit=1000000000',
      'limit=1.5',
      'limit=0x10',
      'limit=NaN',
      'limit=%2010',
      'limit=',
      'limit=1e1',
      'limit=1&limit=2',
      'per_page=0',
      'per_page=x',
    ],
    ...['flag=yes', 'flag=', 'flag=TRUE', 'flag=true&flag=false'],
    ...['from_date=0000-01-01', 'from_date=%2B275760-09-13', 'from_date=2026-02-30', 'from_date=2026-02-30T00:00:00Z', 'from_date=2026-01-01T00:00:00%2B25:00'],
    ...['from_date=2026-01-01T24:00:00Z', 'from_date=1', 'from_date=today', 'from_date=2026-13-01', 'from_date=', "from_date='"],
  ])('that does not validate is 422 and names the parameter: %s', async (text) => {
    const answer = await query(text);
    expect(answer.statusCode).toBe(422);
    expect(answer.json()).toMatchObject({ errors: [{ field: text.split('=')[0], message: expect.any(String) }] });
  });
});

describe('a body that nobody asked for', () => {
  const send = (payload?: string) =>
    probe.app.inject({
      method: 'POST',
      url: '/api/v1/probe/bare',
      headers: { ...bearer(tokenOf('a')), 'content-type': 'application/json' },
      ...(payload === undefined ? {} : { payload }),
    });

  it('is refused, each of its fields named, as in every other body', async () => {
    const answer = await send('{"dry_run":true,"reason":"x"}');
    expect(answer.statusCode).toBe(422);
    const message = 'is not a known field';
    expect(answer.json()).toMatchObject({
      code: 'VALIDATION_FAILED',
      errors: [
        { field: 'dry_run', message },
        { field: 'reason', message },
      ],
    });
    for (const odd of ['[]', '"text"', '7', 'true', '[{}]']) expect((await send(odd)).statusCode).toBe(422);
  });

  it('may be empty, which is none', async () => {
    for (const empty of [undefined, '', '{}', 'null']) expect((await send(empty)).statusCode).toBe(201);
  });
});
