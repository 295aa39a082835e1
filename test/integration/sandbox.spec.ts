import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { textAt, type JsonObject } from '../../sandbox/json.js';
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.js';
import { ACCEPT, listOf, SandboxClient, USER_AGENT } from '../support/sandbox-client.js';

let sandbox: Sandbox;
let client: SandboxClient;
let token: string;
let other: string;

beforeAll(async () => {
  sandbox = await startSandbox({ seed: 7, orders: 1_000, sellers: 2 });
  client = new SandboxClient(sandbox);
  token = (await client.link('0')).accessToken;
  other = (await client.link('1')).accessToken;
});

afterAll(async () => {
  await sandbox.close();
});

const get = (path: string, headers?: Record<string, string>): ReturnType<SandboxClient['get']> => client.get(path, token, headers);

async function allForms(query: string): Promise<JsonObject[]> {
  const forms: JsonObject[] = [];
  for (;;) {
    const { json } = await get(`/order/checkout-forms?limit=100&offset=${String(forms.length)}&${query}`);
    forms.push(...listOf(json, 'checkoutForms'));
    if (listOf(json, 'checkoutForms').length === 0) return forms;
  }
}

describe('who may ask', () => {
  it.each(['node', 'axios/1.21.1', '', 'OrderLog', 'OrderLog/1.0', 'OrderLog/1.0 (https://example.com)'])('refuses the User-Agent "%s"', async (agent) => {
    expect(await get('/me', { 'user-agent': agent })).toMatchObject({ status: 403, json: { errors: [{ code: 'AccessDenied' }] } });
  });

  it('refuses without a token, with a foreign one and with another Accept header', async () => {
    const bare = await fetch(`${sandbox.url}/me`, { headers: { accept: ACCEPT, 'user-agent': USER_AGENT } });
    expect([bare.status, await bare.json()]).toEqual([
      401,
      { error: 'unauthorized', error_description: 'Full authentication is required to access this resource' },
    ]);
    expect(await client.get('/me', 'nonsense')).toMatchObject({ status: 401, json: { error_description: 'Cannot convert access token to JSON' } });
    expect(await get('/me', { accept: 'application/json' })).toMatchObject({ status: 406, json: { errors: [{ code: 'NotAcceptableException' }] } });
    const polish = await get('/me', { accept: '*/*', 'accept-language': 'pl-PL' });
    expect(JSON.stringify(polish.json)).toContain('Żądanie');
  });

  it('names a trace on every answer, whatever it is', async () => {
    for (const path of ['/me', '/order/checkout-forms/x', '/nothing']) {
      expect((await get(path)).headers.get('trace-id')).toMatch(/^[0-9a-f]{14,16}$/);
    }
  });
});

describe('the list of forms', () => {
  it('pages through every order once, the newest purchase first', async () => {
    const forms = await allForms('');
    expect(forms).toHaveLength(1_000);
    expect(new Set(forms.map((form) => form['id']))).toEqual(new Set(sandbox.orderIds('0')));
    const times = forms
      .map(
        (form) =>
          listOf(form, 'lineItems')
            .map((line) => textAt(line, 'boughtAt'))
            .sort()
            .at(-1) ?? '',
      )
      .filter((time) => time !== '');
    expect(times).toEqual([...times].sort().reverse());
  });

  it('answers the same forms as one by one, which are the truth', async () => {
    const [form] = listOf((await get('/order/checkout-forms?limit=1&offset=500')).json, 'checkoutForms');
    const id = textAt(form ?? {}, 'id');
    expect((await get(`/order/checkout-forms/${id}`)).json).toEqual(form);
    expect(sandbox.order(id)['form']).toEqual(form);
  });

  it.each(['limit=0', 'limit=101', 'limit=x', 'offset=-1', 'offset=9901', 'sort=id', 'updatedAt.gte=yesterday', 'lineItems.boughtAt.lte=2026-01-01T00:00:00'])(
    'refuses %s with 422',
    async (query) => {
      expect(await get(`/order/checkout-forms?${query}`)).toMatchObject({ status: 422, json: { errors: [{ code: 'VALIDATION_ERROR' }] } });
    },
  );

  it('says why offset and limit are refused', async () => {
    const { json } = await get('/order/checkout-forms?offset=9950&limit=100');
    expect(listOf(json, 'errors')[0]?.['message']).toBe('Offset and limit parameters exceed maximal result size of 10000 items');
    expect((await get('/order/checkout-forms?offset=9900&limit=100')).json).toMatchObject({ count: 0, totalCount: 1_000 });
  });

  it('filters by windows that include their ends, and ignores parameters nobody knows', async () => {
    const all = await allForms('sort=updatedAt');
    const from = textAt(all[200] ?? {}, 'updatedAt');
    const to = textAt(all[300] ?? {}, 'updatedAt');
    const window = await allForms(`sort=updatedAt&nonsense=1&updatedAt.gte=${from}&updatedAt.lte=${to}`);
    expect(window.map((form) => form['id'])).toEqual(all.slice(200, 301).map((form) => form['id']));
    const east = new Date(Date.parse(from) + 2 * 3_600_000).toISOString().replace('Z', '+02:00');
    const again = await get(`/order/checkout-forms?sort=updatedAt&limit=1&updatedAt.gte=${encodeURIComponent(east)}`);
    expect(listOf(again.json, 'checkoutForms')[0]?.['id']).toBe(all[200]?.['id']);
  });

  it('filters by what the form says', async () => {
    const forms = await allForms('');
    const expected = (matches: (form: JsonObject) => boolean): number => forms.filter(matches).length;
    const total = async (query: string): Promise<unknown> => (await get(`/order/checkout-forms?limit=1&${query}`)).json['totalCount'];
    expect(await total('marketplace.id=allegro-cz')).toBe(expected((form) => (form['marketplace'] as JsonObject | null)?.['id'] === 'allegro-cz'));
    expect(await total('fulfillment.status=RETURNED')).toBe(expected((form) => (form['fulfillment'] as JsonObject | undefined)?.['status'] === 'RETURNED'));
    const login = textAt(forms[0]?.['buyer'] as JsonObject, 'login');
    expect(await total(`buyer.login=${login}`)).toBe(expected((form) => (form['buyer'] as JsonObject)['login'] === login));
  });

  it('is compressed when asked, and as fast as a database', async () => {
    const { headers } = await get('/order/checkout-forms', { 'accept-encoding': 'gzip' });
    expect(headers.get('content-encoding')).toBe('gzip');
  });
});

describe('one form', () => {
  it('is not found when unknown, in capitals or of another seller, and refused when no UUID', async () => {
    const id = sandbox.orderIds('0')[0] ?? '';
    const foreign = sandbox.orderIds('1')[0] ?? '';
    for (const wrong of [foreign, id.toUpperCase(), '00000000-0000-4000-8000-000000000000']) {
      expect(await get(`/order/checkout-forms/${wrong}`)).toMatchObject({ status: 404, json: { errors: [{ code: 'CheckoutFormNotFoundException' }] } });
    }
    expect((await get('/order/checkout-forms/abc')).status).toBe(422);
    expect((await client.get(`/order/checkout-forms/${foreign}`, other)).status).toBe(200);
  });

  it('is gone after a merge, whose form has its line items under another id', async () => {
    const { id, into } = sandbox.merged('0')[0] ?? { id: '', into: '' };
    expect((await get(`/order/checkout-forms/${id}`)).status).toBe(404);
    const lines = (form: unknown): unknown[] => listOf(form as JsonObject, 'lineItems').map((line) => line['id']);
    const merged = await get(`/order/checkout-forms/${into}`);
    expect(lines(merged.json)).toEqual(expect.arrayContaining(lines(sandbox.order(id)['form'])));
  });
});
