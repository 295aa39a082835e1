import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Secret } from '../../src/core/secret.js';
import { inspect } from 'node:util';
import { ACCESS_TOKEN, allegroClients, problemOf, type AllegroClients } from '../support/allegro-client.js';
import { html, inTurn, json, startFakeAllegro, type FakeAllegro } from '../support/fake-allegro.js';

const CALL = { accountKey: '7', share: 'live' } as const;
const FORM = { z: 1, id: '708e1661-d9a6-11ea-af24-092caaf64bde', a: { '10': null, x: [1.5, 'ż'] } };

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

const askForm = (): Promise<unknown> => clients.orders.form(ACCESS_TOKEN, FORM.id, CALL);
const askEvents = (): Promise<unknown> => clients.orders.events(ACCESS_TOKEN, { limit: 1000 }, CALL);

describe('a call of Allegro', () => {
  it('sends the agreed headers and no others that name the library', async () => {
    allegro.reply = json(FORM);
    await askForm();
    const headers = allegro.requests[0]?.headers;
    expect(headers).toMatchObject({
      accept: 'application/vnd.allegro.public.v1+json',
      authorization: `Bearer ${ACCESS_TOKEN.reveal()}`,
      'user-agent': 'Order-Log/1.0.0 (+https://example.com/order-log)',
    });
  });

  it('gives an order as Allegro sent it, with the trace id and when it was seen', async () => {
    allegro.reply = json('{"z":1,"id":"708E1661-d9a6-11ea-af24-092caaf64bde","big":12345678901234567890,"a":{"__proto__":null}}');
    const before = Date.now();
    const answered = await clients.orders.form(ACCESS_TOKEN, FORM.id.toUpperCase(), CALL);
    expect(allegro.requests[0]?.path).toBe(`/order/checkout-forms/${FORM.id}`);
    expect(JSON.stringify(answered.value)).toBe(
      '{"kind":"found","form":{"z":1,"id":"708E1661-d9a6-11ea-af24-092caaf64bde","big":"12345678901234567890","a":{"__proto__":null}}}',
    );
    expect(answered.traceId).toBe('0123456789abcdef');
    expect(answered.observedAt.getTime()).toBeGreaterThanOrEqual(before);
  });

  it('asks for pages with the parameters Allegro documents', async () => {
    allegro.reply = json({ checkoutForms: [FORM], count: 1, totalCount: 1 });
    const from = new Date('2026-01-01T00:00:00Z');
    await clients.orders.forms(ACCESS_TOKEN, { offset: 100, limit: 100, boughtAtGte: from, updatedAtLte: from, sort: 'updatedAt' }, CALL);
    expect(Object.fromEntries(allegro.requests[0]?.query ?? [])).toEqual({
      offset: '100',
      limit: '100',
      'lineItems.boughtAt.gte': '2026-01-01T00:00:00.000Z',
      'updatedAt.lte': '2026-01-01T00:00:00.000Z',
      sort: 'updatedAt',
    });
    allegro.reply = json({ events: [] });
    await clients.orders.events(ACCESS_TOKEN, { from: '1577747854303808', limit: 1000 }, CALL);
    expect(Object.fromEntries(allegro.requests[1]?.query ?? [])).toEqual({ from: '1577747854303808', limit: '1000' });
  });

  it('an order that Allegro says is not there is missing, one that its edge does not find is an outage', async () => {
    allegro.reply = json({ errors: [{ code: 'CheckoutFormNotFoundException' }] }, 404);
    expect((await clients.orders.form(ACCESS_TOKEN, FORM.id, CALL)).value).toMatchObject({ kind: 'missing', answer: { text: expect.any(Secret) } });
    allegro.reply = html(404);
    expect((await problemOf(askForm())).kind).toBe('unavailable');
  });

  it('keeps the status, the codes and the trace id of a refusal, and never its messages', async () => {
    const message = 'Anna Kowalska, anna@example.com';
    allegro.reply = json({ errors: [{ code: 'VALIDATION_ERROR', message, userMessage: message, path: null }] }, 422);
    const problem = await problemOf(clients.orders.forms(ACCESS_TOKEN, { offset: 10_000, limit: 100 }, CALL));
    expect(problem).toMatchObject({
      kind: 'rejected',
      allegroStatus: 422,
      codes: ['VALIDATION_ERROR'],
      traceId: '0123456789abcdef',
      status: 502,
      blame: 'order',
    });
    expect(inspect(problem, { depth: 9 })).not.toContain('Kowalska');
  });

  it('has no trace of the access token in any failure', async () => {
    allegro.reply = (_request, response) => void response.destroy();
    const problem = await problemOf(askForm());
    expect(inspect(problem, { depth: 20, showHidden: true })).not.toContain('canary');
    expect(JSON.stringify(problem)).not.toContain('canary');
  });

  it.each([
    [400, 'unavailable', 'ALLEGRO_UNAVAILABLE'],
    [403, 'unavailable', 'ALLEGRO_BLOCKED'],
    [401, 'unavailable', 'ALLEGRO_UNAVAILABLE'],
    [200, 'malformed', 'ALLEGRO_MALFORMED'],
    [418, 'unavailable', 'ALLEGRO_UNAVAILABLE'],
    [304, 'unavailable', 'ALLEGRO_UNAVAILABLE'],
    [302, 'unavailable', 'ALLEGRO_UNAVAILABLE'],
  ])('an HTML page with %d is %s (%s)', async (status, kind, code) => {
    allegro.reply = html(status);
    expect(await problemOf(askEvents())).toMatchObject({ kind, code, allegroStatus: status });
    expect(allegro.requests).toHaveLength(1);
  });

  it('a captcha as JSON is a blocked address, a missing scope a forbidden account', async () => {
    allegro.reply = json({ url: 'https://geo.captcha-delivery.com/captcha/?x=1' }, 403);
    expect((await problemOf(askEvents())).code).toBe('ALLEGRO_BLOCKED');
    allegro.reply = json({ errors: [{ code: 'AccessDenied' }] }, 403);
    expect(await problemOf(askEvents())).toMatchObject({ kind: 'forbidden', blame: 'account' });
  });

  it('a redirect is not followed', async () => {
    allegro.reply = inTurn((_request, response) => void response.writeHead(302, { location: `${allegro.url}/elsewhere` }).end(), json(FORM));
    await problemOf(askForm());
    expect(allegro.requests.map((request) => request.path)).toEqual([`/order/checkout-forms/${FORM.id}`]);
  });

  it.each([
    ['', 'nothing'],
    ['null', 'null'],
    ['[]', 'a list'],
    ['{}', 'an empty object'],
    ['{"errors":[{"code":"X"}]}', 'errors'],
    ['{"events":[{"id":"1"', 'a torn text'],
  ])('a body of %j is malformed, never an empty page', async (body) => {
    allegro.reply = json(body);
    expect((await problemOf(askEvents())).kind).toBe('malformed');
    const wholeOrder = await problemOf(askForm());
    expect(wholeOrder.kind).toBe('malformed');
    expect((await problemOf(clients.orders.me(ACCESS_TOKEN, CALL))).kind).toBe('malformed');
  });

  it.each([[204], [206]])('the status %d is no answer', async (status) => {
    allegro.reply = json(status === 204 ? '' : FORM, status);
    expect((await problemOf(askForm())).kind).toBe('malformed');
  });

  it('letters that are not UTF-8 are refused and not stored as question marks', async () => {
    allegro.reply = (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(Buffer.concat([Buffer.from(`{"id":"${FORM.id}","name":"`), Buffer.from([0xb1, 0xe6]), Buffer.from('"}')]));
    };
    expect((await problemOf(askForm())).kind).toBe('malformed');
  });

  it("401 is the account's and carries Allegro's code", async () => {
    allegro.reply = json({ error: 'invalid_token', error_description: 'Access token expired' }, 401);
    expect(await problemOf(askForm())).toMatchObject({ kind: 'unauthorized', blame: 'account', codes: ['invalid_token'], allegroStatus: 401 });
    allegro.reply = (_request, response) => void response.writeHead(401).end();
    expect((await problemOf(askForm())).kind).toBe('unauthorized');
  });

  it('an abort ends a request at once', async () => {
    const abort = new AbortController();
    allegro.reply = () => abort.abort();
    const problem = await problemOf(clients.orders.form(ACCESS_TOKEN, FORM.id, { ...CALL, signal: abort.signal }));
    expect(problem).toMatchObject({ kind: 'cancelled', blame: 'caller' });
    const late = await problemOf(clients.orders.form(ACCESS_TOKEN, FORM.id, { ...CALL, signal: AbortSignal.abort() }));
    expect([late.kind, allegro.requests.length]).toEqual(['cancelled', 1]);
  });

  it('an abort ends the waiting for a place', async () => {
    const abort = new AbortController();
    allegro.reply = () => undefined;
    const running = Array.from({ length: 4 }, () => problemOf(clients.orders.form(ACCESS_TOKEN, FORM.id, { ...CALL, signal: abort.signal })));
    const waiting = problemOf(clients.orders.form(ACCESS_TOKEN, FORM.id, { ...CALL, signal: abort.signal }));
    while (allegro.requests.length < 4) await new Promise((resolve) => setImmediate(resolve));
    abort.abort();
    expect((await Promise.all([...running, waiting])).map((problem) => problem.kind)).toEqual(Array(5).fill('cancelled'));
    expect(allegro.requests).toHaveLength(4);
  });
});
