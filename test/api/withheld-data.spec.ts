import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { JsonObject } from '../../src/core/json.js';
import { ExportWriting } from '../../src/exports/export-writing.service.js';
import { OrderRecorder } from '../../src/orders/order-recorder.service.js';
import { KEY_SCOPES } from '../../src/platform/http/access/key-scopes.js';
import { bearer, tokenOf } from '../support/access-tokens.js';
import { addressOf, fill } from '../support/interface/fillers.js';
import { documentOf, type InterfaceDocument, type Operation, operationsOf } from '../support/interface/operations.js';
import { InterfaceStage, type Subjects } from '../support/interface/stage.js';
import { formReading, inventedEvent, inventedForm, journalReading } from '../support/invented-orders.js';
import type { Json } from '../support/service.js';

const OWNER = 'tenant-owner';
/** In every personal place of the order. */
const CANARY = /kanarek/i;
const ORDER = '29738e61-7f6a-11e8-ac45-09db60ede9d6';
const PERSONAL_DATA = 'personal-data:read';
/** Its answer has no end: it is read below. */
const ENDLESS = 'GET /api/v1/changes/stream';

let stage: InterfaceStage;
let document: InterfaceDocument;
let operations: readonly Operation[];
let subjects: Subjects;
/** All scopes but the one for personal data. */
let blind: string;
let seeing: string;
const known: string[] = [];

/** The whole form of a buyer who is called nothing but the canary. */
function canaryForm(mark: string): JsonObject {
  const name = `Kanarek-${mark}`;
  const address = { firstName: name, lastName: name, companyName: name, street: name, city: name, zipCode: name, phoneNumber: name, countryCode: 'PL' };
  const company = { name, taxId: name, ids: [{ type: 'PL_NIP', value: name }], vatPayerStatus: 'ACTIVE' };
  return inventedForm(ORDER, {
    buyer: { id: name, email: `${name}@example.com`, login: name, firstName: name, lastName: name, companyName: name, phoneNumber: name, address },
    delivery: { address, method: { id: 'm', name: 'Locker' }, pickupPoint: { id: name, name, description: name, address }, cost: null, smart: true },
    invoice: { required: true, address: { ...address, company, naturalPerson: { firstName: name, lastName: name } }, dueDate: null },
    messageToSeller: `Please ring at ${name}`,
    note: { text: name },
    updatedAt: `2026-03-01T09:0${mark}:00.000Z`,
    revision: mark,
  });
}

async function keyOf(scopes: readonly string[]): Promise<string> {
  const body = { name: 'machine', scopes, expires_at: new Date(Date.now() + 86_400_000).toISOString() };
  return String((await ask('POST', '/keys', tokenOf(OWNER), body)).body['key']);
}

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly body: Json;
  readonly etag: unknown;
}

async function ask(method: 'GET' | 'POST' | 'PATCH', path: string, token: string, body?: Json, headers: Record<string, string> = {}): Promise<Answer> {
  const url = path.startsWith('/api/') ? path : `/api/v1${path}`;
  const sent = { ...bearer(token), ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
  const answer = await stage.service.app.inject({ method, url, headers: sent, ...(body === undefined ? {} : { payload: JSON.stringify(body) }) });
  const isJson = String(answer.headers['content-type']).includes('json') && !String(answer.headers['content-type']).includes('ndjson');
  return { status: answer.statusCode, text: answer.body, body: isJson && answer.body !== '' ? answer.json<Json>() : {}, etag: answer.headers.etag };
}

/** What of buyers stands in a text: the canary, or an e-mail or login of one of the sandbox's buyers. */
const seenIn = (text: string): string[] => [...(CANARY.exec(text) ?? []), ...known.filter((value) => text.includes(value))];

beforeAll(async () => {
  jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined); // the pause the stage brings about
  stage = await InterfaceStage.start(OWNER);
  document = documentOf(stage.service.app);
  operations = operationsOf(document);
  subjects = { ...stage.subjects, order_id: ORDER };
  const { rows } = await stage.world.owner.query<{ account_id: string }>('select account_id from tokens where id = $1', [subjects['token_id']]);
  const batch = { accountId: rows[0]?.account_id ?? '', fence: null, actor: 'test' };
  const recorder = stage.service.app.get(OrderRecorder);
  const event = inventedEvent('7001', ORDER);
  const order = { ...(event['order'] as JsonObject), buyer: { id: 'kanarek', email: 'kanarek@example.com', login: 'kanarek' } };
  await recorder.record({ ...batch, journal: [journalReading({ ...event, order })], forms: [formReading(canaryForm('1'))] });
  await recorder.record({ ...batch, journal: [], forms: [formReading(canaryForm('2'), '2026-03-01T09:20:00.000Z')] });
  blind = await keyOf(KEY_SCOPES.filter((scope) => scope !== PERSONAL_DATA));
  seeing = await keyOf(KEY_SCOPES);
  const list = await ask('GET', `/orders?limit=100&token_id=${String(subjects['token_id'])}`, seeing);
  const buyers = (list.body['orders'] as Json[]).map(({ buyer }) => buyer).filter((buyer): buyer is Json => typeof buyer === 'object' && buyer !== null);
  known.push(...buyers.flatMap(({ email, login }) => [email, login]).filter((value): value is string => typeof value === 'string' && value.length > 4));
});
afterAll(() => stage.stop());

const token = (): string => `token_id=${String(subjects['token_id'])}`;

describe('a key without the scope for personal data', () => {
  it('finds no buyer in any answer of any GET of the document', async () => {
    const found: string[] = [];
    const statuses = new Set<string>();
    for (const operation of operations.filter(({ method, name }) => method === 'GET' && name !== ENDLESS)) {
      const answer = await ask('GET', addressOf(operation, fill(operation, document, subjects)), blind);
      const expected = operation.keyScopes === null || operation.keyScopes.includes(PERSONAL_DATA) ? 403 : 200;
      statuses.add(String(answer.status));
      // A file that is not written yet, and the file of a seller, are refused in their own words.
      const isOwn = operation.path.endsWith('/file') && [403, 409].includes(answer.status);
      if (answer.status !== expected && !isOwn) found.push(`${operation.name}: ${String(answer.status)} ${answer.text.slice(0, 200)}`);
      if (seenIn(answer.text).length > 0) found.push(`${operation.name} shows ${seenIn(answer.text).join(' ')}`);
    }
    expect(found).toEqual([]);
    expect([...statuses].sort()).toEqual(['200', '403']);
    expect(known.length).toBeGreaterThan(20);
  });

  const views = [
    `/orders?fields=buyer,delivery,invoice,messageToSeller,note`,
    `/orders?limit=100&sort=updated`,
    `/orders/${ORDER}?as_of=2030-01-01T00:00:00Z`,
    `/orders/${ORDER}?occurred_as_of=2030-01-01T00:00:00Z`,
    `/orders/as-of?as_of=2030-01-01T00:00:00Z&limit=100`,
    `/orders/diff?from=2020-01-01T00:00:00Z&limit=100`,
    `/orders/${ORDER}/diff?from=2020-01-01T00:00:00Z`,
    `/orders/${ORDER}/timeline?`,
    `/orders/events?limit=1000`,
    `/orders/statistics?days=365`,
    `/exports/orders?format=csv`,
    `/exports/orders?format=json`,
    `/exports/orders?format=ndjson`,
  ];
  it.each(views)('finds none in %s, where the scope shows one', async (path) => {
    const at = `${path}${path.includes('?') ? '&' : '?'}${token()}`;
    const shown = await ask('GET', at, seeing);
    expect({ status: shown.status, found: seenIn(shown.text).length > 0 }).toEqual({ status: 200, found: true });
    const withheld = await ask('GET', at, blind);
    expect({ status: withheld.status, found: seenIn(withheld.text) }).toEqual({ status: 200, found: [] });
    expect(withheld.text.includes('[withheld]')).toBe(true);
  });

  it('is refused search, whatever it asks for, so that guessing tells nothing', async () => {
    const found = ['kanarek', 'nobody-at-all', ORDER].map((query) => ask('GET', `/orders/search?query=${query}&${token()}`, blind));
    const answers = await Promise.all(found);
    expect(answers.map(({ status, body }) => [status, body['code'], body['scope']])).toEqual(Array(3).fill([403, 'SCOPE_MISSING', PERSONAL_DATA]));
    expect(seenIn((await ask('GET', `/orders/search?query=kanarek&${token()}`, seeing)).text)).not.toEqual([]);
  });

  it('never meets the answer of another caller in between: neither the cache nor an ETag mixes the two', async () => {
    const path = `/orders?${token()}`;
    const shown = await ask('GET', path, seeing);
    const withheld = await ask('GET', path, blind);
    expect(withheld.etag).not.toBe(shown.etag);
    expect((await ask('GET', path, blind, undefined, { 'if-none-match': String(shown.etag) })).status).toBe(200);
    expect((await ask('GET', path, blind, undefined, { 'if-none-match': String(withheld.etag) })).status).toBe(304);
    expect(seenIn((await ask('GET', path, seeing, undefined, { 'if-none-match': String(withheld.etag) })).text)).not.toEqual([]);
  });

  it('gets a file without them, and not the file of somebody who sees them', async () => {
    const exported = async (by: string) =>
      String((await ask('POST', '/exports', by, { token_id: subjects['token_id'], format: 'ndjson', delivery_method: 'Locker' })).body['id']);
    const [own, foreign] = [await exported(blind), await exported(seeing)];
    const writing = stage.service.app.get(ExportWriting);
    for (const id of [own, foreign]) await writing.write(id, () => Promise.resolve());
    expect((await ask('GET', `/exports/${own}`, blind)).body).toMatchObject({ personal_data: false });
    const file = await ask('GET', `/exports/${own}/file`, blind);
    expect({ status: file.status, found: seenIn(file.text) }).toEqual({ status: 200, found: [] });
    expect(file.text.includes(ORDER)).toBe(true);
    expect(await ask('GET', `/exports/${foreign}/file`, blind)).toMatchObject({ status: 403, body: { scope: PERSONAL_DATA } });
    expect(seenIn((await ask('GET', `/exports/${foreign}/file`, seeing)).text)).not.toEqual([]);
    expect(seenIn((await ask('GET', `/exports/${own}/file`, seeing)).text)).toEqual([]);
  });

  it('cannot have whole orders sent to an address of its choice', async () => {
    const webhook = { url: 'https://hooks.example.com/a', payload: 'full' };
    expect(await ask('POST', '/webhooks', blind, webhook)).toMatchObject({ status: 403, body: { scope: PERSONAL_DATA } });
    const { body } = await ask('POST', '/webhooks', seeing, webhook);
    const path = `/webhooks/${String(body['id'])}`;
    expect(await ask('PATCH', path, blind, { url: 'https://hooks.example.com/b' })).toMatchObject({ status: 403, body: { scope: PERSONAL_DATA } });
    const thin = await ask('POST', '/webhooks', blind, { ...webhook, payload: 'thin' });
    expect(thin.status).toBe(201);
    expect(await ask('PATCH', `/webhooks/${String(thin.body['id'])}`, blind, { payload: 'full' })).toMatchObject({ status: 403 });
  });

  it('is told in the stream what changed, and of whom nothing', async () => {
    const { body } = await ask('GET', '/changes?limit=1', blind);
    await stage.service.app.listen(0, '127.0.0.1');
    const { port } = stage.service.app.getHttpServer().address() as AddressInfo;
    const leaving = new AbortController();
    const stream = await fetch(`http://127.0.0.1:${String(port)}/api/v1/changes/stream?after=${String(body['next'])}`, {
      headers: bearer(blind),
      signal: leaving.signal,
    });
    expect(stream.status).toBe(200);
    let text = '';
    try {
      for await (const chunk of stream.body as unknown as AsyncIterable<Uint8Array>) {
        text += Buffer.from(chunk).toString();
        if (text.includes(ORDER)) break;
      }
    } finally {
      leaving.abort();
    }
    expect(seenIn(text)).toEqual([]);
  });

  it('changes flags, under its own name', async () => {
    const changed = await ask('PATCH', `/orders/${ORDER}/stock-status?${token()}`, blind, { is_stock_updated: true });
    expect({ status: changed.status, found: seenIn(changed.text) }).toEqual({ status: 200, found: [] });
    const history = await ask('GET', `/orders/${ORDER}/technical-flags/history?${token()}`, blind);
    const id = (await ask('GET', '/keys', tokenOf(OWNER))).body['keys'] as Json[];
    expect(id.some((key) => history.text.includes(`"key:${String(key['id'])}"`))).toBe(true);
  });
});

describe('support', () => {
  const support = (claims: Json = {}): string => tokenOf('staff', { sub: 'sam', roles: ['support'], ...claims });

  it('finds no buyer in any answer it may have of another tenant', async () => {
    const found: string[] = [];
    let answered = 0;
    for (const operation of operations.filter(
      ({ method, name, rolesAcrossTenants }) => method === 'GET' && name !== ENDLESS && rolesAcrossTenants.includes('support'),
    )) {
      const address = addressOf(operation, fill(operation, document, subjects));
      const answer = await ask('GET', `${address}${address.includes('?') ? '&' : '?'}user_id=${OWNER}`, support());
      if (answer.status === 200) answered += 1;
      else if (answer.status !== 403 || answer.body['scope'] !== PERSONAL_DATA) found.push(`${operation.name}: ${String(answer.status)}`);
      if (seenIn(answer.text).length > 0) found.push(`${operation.name} shows ${seenIn(answer.text).join(' ')}`);
    }
    expect(found).toEqual([]);
    expect(answered).toBeGreaterThan(30);
  });

  it('sees them with the scope in its token, also search', async () => {
    const token = support({ scope: `openid ${PERSONAL_DATA}` });
    const order = await ask('GET', `/orders/${ORDER}?token_id=${String(subjects['token_id'])}&user_id=${OWNER}`, token);
    expect(seenIn(order.text)).not.toEqual([]);
    expect(seenIn((await ask('GET', `/orders/search?query=kanarek&token_id=${String(subjects['token_id'])}&user_id=${OWNER}`, token)).text)).not.toEqual([]);
  });

  it('sees them neither in its own tenant where it is support alone, nor in the plan of a restore', async () => {
    expect(seenIn((await ask('GET', `/orders?${token()}`, tokenOf(OWNER, { roles: ['support'] }))).text)).toEqual([]);
    expect(seenIn((await ask('GET', `/orders?${token()}`, tokenOf(OWNER, { roles: ['support', 'seller'] }))).text)).not.toEqual([]);
    const asOf = await ask('GET', `/orders/${ORDER}/timeline?${token()}`, seeing);
    const first = (asOf.body['events'] as Json[]).find(({ source }) => source === 'form')?.['recorded_at'];
    const planned = { token_id: subjects['token_id'], as_of: first, order_ids: [ORDER] };
    const plan = await ask('POST', `/restore-plans?user_id=${OWNER}`, support(), planned);
    expect({ status: plan.status, found: seenIn(plan.text) }).toEqual({ status: 201, found: [] });
    expect(seenIn((await ask('POST', '/restore-plans', tokenOf(OWNER, { roles: ['operator'] }), planned)).text)).not.toEqual([]);
  });
});
