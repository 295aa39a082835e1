import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../sandbox/json.js';
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.js';
import type { SandboxOptions } from '../../sandbox/settings.js';
import { SandboxClient, type SandboxAnswer } from '../support/sandbox-client.js';

let sandbox: Sandbox;
let client: SandboxClient;
let token: string;

async function start(options: SandboxOptions): Promise<void> {
  sandbox = await startSandbox({ seed: 7, orders: 120, ...options });
  client = new SandboxClient(sandbox);
  token = (await client.link()).accessToken;
}

beforeEach(async () => {
  await start({ sellers: 2 });
});

afterEach(async () => {
  await sandbox.close();
});

const get = (path: string): Promise<SandboxAnswer> => client.get(path, token);
const list = (json: JsonObject, key: string): JsonObject[] => json[key] as JsonObject[];

/** What became of a request, in a word: the status, `broken` for a connection cut, `half` for half a document. */
async function fate(path: string): Promise<string> {
  try {
    return String((await get(path)).status);
  } catch (error) {
    return error instanceof SyntaxError ? 'half' : 'broken';
  }
}

async function fates(count: number): Promise<string[]> {
  const all: string[] = [];
  for (let turn = 0; turn < count; turn += 1) all.push(await fate('/order/event-stats'));
  return all;
}

async function again(options: SandboxOptions): Promise<void> {
  await sandbox.close();
  await start(options);
}

describe('faults on the wire', () => {
  it('meet the same requests when the seed is the same, and others when it is not', async () => {
    const run = async (seed: number): Promise<string[]> => {
      await again({ seed, faults: '429=0.1,5xx=0.1,cut=0.1,html400=0.1' });
      return fates(60);
    };
    const first = await run(1);
    expect(await run(1)).toEqual(first);
    expect(await run(2)).not.toEqual(first);
    expect(new Set(first).size).toBeGreaterThan(4);
  });

  it('throttle with and without Retry-After', async () => {
    sandbox.setFaults('429=1');
    const headers = new Set<string>();
    for (let turn = 0; turn < 40; turn += 1) {
      const answer = await get('/me');
      expect(answer.status).toBe(429);
      headers.add(answer.headers.get('retry-after') ?? 'none');
    }
    expect([...headers]).toEqual(expect.arrayContaining(['none', '1', expect.stringContaining('GMT')]));
    sandbox.setFaults('429=1:7');
    expect((await get('/me')).headers.get('retry-after')).toBe('7');
    expect(sandbox.stats().throttled).toBe(41);
  });

  it('answer pages, nothing, and JSON of another shape', async () => {
    sandbox.setFaults('html200=1');
    expect(await get('/me')).toMatchObject({ status: 200, text: expect.stringContaining('<html') });
    sandbox.setFaults('html400=1');
    expect((await get('/me')).headers.get('content-type')).toContain('html');
    sandbox.setFaults('empty=1');
    expect(await get('/me')).toMatchObject({ status: 200, text: '' });
    sandbox.setFaults('wrongjson=1');
    const bodies = new Set<string>();
    for (let turn = 0; turn < 40; turn += 1) bodies.add((await get('/order/events')).text);
    expect([...bodies]).toEqual(expect.arrayContaining(['{}', 'null', '[]']));
  });

  it('cut answers before the headers, in the middle, short of what was announced, and in the JSON', async () => {
    sandbox.setFaults('cut=1');
    const all = new Set<string>();
    for (let turn = 0; turn < 30; turn += 1) all.add(await fate('/order/checkout-forms'));
    expect(all).toEqual(new Set(['broken', 'half']));
  });

  it('hold answers back', async () => {
    sandbox.setFaults('slow=1:300');
    const startedAt = performance.now();
    expect((await get('/me')).status).toBe(200);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(295);
  });

  it('send more than anyone should read', async () => {
    sandbox.setFaults('huge=1:2');
    expect((await get('/me')).text.length).toBeGreaterThan(2 * 1024 * 1024);
    sandbox.setFaults('bomb=1:8');
    const answer = await fetch(`${sandbox.url}/me`, { headers: bearer() });
    expect(Number(answer.headers.get('content-length'))).toBeLessThan(64 * 1024);
    expect((await answer.arrayBuffer()).byteLength).toBe(8 * 1024 * 1024);
  });

  it('spare device codes, pages and the control API', async () => {
    sandbox.setFaults('5xx=1,cut=1,429=1');
    expect((await client.oauth('device', { client_id: 'demo-client' })).status).toBe(200);
    expect((await client.control('GET', 'stats')).status).toBe(200);
  });
});

function bearer(): Record<string, string> {
  return { authorization: `Bearer ${token}`, accept: 'application/vnd.allegro.public.v1+json', 'user-agent': 'T/1 (+https://example.com)' };
}

describe('limits', () => {
  it('block an application for a minute once it exceeds its requests a minute', async () => {
    await again({ requestsPerMinute: 20 });
    expect(new Set(await fates(20))).toEqual(new Set(['200']));
    expect(new Set(await fates(5))).toEqual(new Set(['429']));
    sandbox.advanceClock(59_000);
    expect(await fate('/me')).toBe('429');
    sandbox.advanceClock(2_000);
    expect(await fate('/me')).toBe('200');
  });

  it('can mind how many requests of a seller run at once', async () => {
    await again({ parallelPerSeller: 2, latencyMs: 50 });
    const statuses = (await Promise.all(Array.from({ length: 6 }, () => get('/me')))).map((answer) => answer.status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(2);
    expect(statuses.filter((status) => status === 429)).toHaveLength(4);
    expect(sandbox.stats().concurrentMaximum).toBeGreaterThanOrEqual(2);
  });
});

describe('what happens in a shop', () => {
  const events = async (): Promise<JsonObject[]> => list((await get('/order/events?limit=1000')).json, 'events');
  const newest = async (): Promise<JsonObject | undefined> => (await events()).at(-1);

  it('shows a new order at once in the journal and in the list', async () => {
    const [id] = sandbox.createOrders({ kind: 'completed' });
    const event = await newest();
    expect(event).toMatchObject({ type: 'BOUGHT', order: { checkoutForm: { id } } });
    const lagMs = Number(event?.['id']) / 1_000 - Date.parse(String(event?.['occurredAt']));
    expect(lagMs).toBeGreaterThan(10_000);
    expect(lagMs).toBeLessThan(21_000);
    expect(list((await get('/order/checkout-forms?limit=1')).json, 'checkoutForms')[0]).toMatchObject({ id, status: 'BOUGHT' });
  });

  it('lets an order live: filled, paid, moved, sent; updatedAt stands still for the seller', async () => {
    const id = sandbox.createOrders({ kind: 'completed' })[0] ?? '';
    const form = async (): Promise<JsonObject> => (await get(`/order/checkout-forms/${id}`)).json;
    for (const kind of ['fill', 'pay', 'modify-address'] as const) {
      const before = await form();
      sandbox.change(id, { kind });
      expect(String((await form())['updatedAt']) > String(before['updatedAt'])).toBe(true);
    }
    const ready = await form();
    sandbox.change(id, { kind: 'fulfil', status: 'SENT' });
    expect(await form()).toMatchObject({ updatedAt: ready['updatedAt'], fulfillment: { status: 'SENT' } });
    expect((await form())['revision']).not.toBe(ready['revision']);
    const types = (await events()).slice(-5).map((event) => event['type']);
    expect(types).toEqual(['BOUGHT', 'FILLED_IN', 'READY_FOR_PROCESSING', 'BUYER_MODIFIED', 'FULFILLMENT_STATUS_CHANGED']);
    expect(() => sandbox.change(id, { kind: 'cancel' })).toThrow('not possible');
  });

  it('merges two purchases into a new form with a new event', async () => {
    const [first = '', second = ''] = sandbox.createOrders({ kind: 'completed', count: 2 });
    const merged = sandbox.change(first, { kind: 'merge', with: second });
    expect((await get(`/order/checkout-forms/${first}`)).status).toBe(404);
    expect((await get(`/order/checkout-forms/${second}`)).status).toBe(404);
    expect(list((await get(`/order/checkout-forms/${merged}`)).json, 'lineItems').length).toBeGreaterThanOrEqual(2);
    expect(await newest()).toMatchObject({ type: 'FILLED_IN', order: { checkoutForm: { id: merged } } });
  });

  it('goes on by itself: new orders and old ones moving', async () => {
    const before = sandbox.orderIds('0').length;
    const seen = String((await newest())?.['id']);
    sandbox.arrive(40);
    const fresh = list((await get(`/order/events?limit=1000&from=${seen}`)).json, 'events');
    const types = new Set(fresh.map((event) => event['type']));
    expect(sandbox.orderIds('0').length).toBeGreaterThan(before + 5);
    expect(types.size).toBeGreaterThan(1);
    expect(types.has('BOUGHT')).toBe(true);
  });

  it('keeps forms for about twelve months and events for 60 days', async () => {
    const before = sandbox.orderIds('0').length;
    sandbox.advanceClock(100 * 86_400_000);
    // The tokens died too: consent again, as in life.
    expect((await get('/me')).status).toBe(401);
    token = (await client.link()).accessToken;
    expect(await events()).toHaveLength(0);
    expect((await get('/order/event-stats')).json).toEqual({});
    const left = Number((await get('/order/checkout-forms?limit=1')).json['totalCount']);
    expect(left).toBeLessThan(before);
    expect(left).toBe(sandbox.orderIds('0').length);
  });
});

describe('faults of forms and of the journal', () => {
  it('answers the version before while a form lags', async () => {
    const id = sandbox.createOrders({ kind: 'completed' })[0] ?? '';
    sandbox.setFaults('lagging=1:5000');
    sandbox.change(id, { kind: 'fill' });
    expect((await get(`/order/checkout-forms/${id}`)).json).toMatchObject({ status: 'BOUGHT' });
    expect(sandbox.order(id)['form']).toMatchObject({ status: 'FILLED_IN' });
    sandbox.advanceClock(5_001);
    expect((await get(`/order/checkout-forms/${id}`)).json).toMatchObject({ status: 'FILLED_IN' });
  });

  it('hides, delays and repeats the events of new orders', async () => {
    const countOf = async (id: string): Promise<number> => {
      const { json } = await get('/order/events?limit=1000');
      return list(json, 'events').filter((event) => ((event['order'] as JsonObject)['checkoutForm'] as JsonObject | undefined)?.['id'] === id).length;
    };
    sandbox.setFaults('late=1:60000');
    const late = sandbox.createOrders({ kind: 'completed' })[0] ?? '';
    expect(await countOf(late)).toBe(0);
    sandbox.setFaults('duplicate=1');
    const twice = sandbox.createOrders({ kind: 'completed' })[0] ?? '';
    sandbox.setFaults('hidden=1');
    const hidden = sandbox.createOrders({ kind: 'completed', count: 8, status: 'READY_FOR_PROCESSING' });
    sandbox.setFaults('behind=1:60000');
    const latest = async (): Promise<number> => Number(((await get('/order/event-stats')).json['latestEvent'] as JsonObject)['id']);
    const seen = await latest();
    const behind = sandbox.createOrders({ kind: 'completed' })[0] ?? '';
    sandbox.setFaults('');
    sandbox.createOrders({ kind: 'completed' });
    const after = await latest();
    sandbox.advanceClock(61_000);
    expect([await countOf(late), await countOf(twice), await countOf(behind)]).toEqual([1, 2, 1]);
    for (const id of hidden) expect(await countOf(id)).toBeLessThan(3);
    const [event] = sandbox.journal().filter((each) => each['formId'] === behind);
    expect(Number(event?.['id'])).toBeGreaterThan(seen);
    expect(Number(event?.['id'])).toBeLessThanOrEqual(after);
  });

  it('poisons or loses single forms', async () => {
    const [first = '', second = ''] = sandbox.orderIds();
    sandbox.setOrderFault(first, 'poison');
    sandbox.setOrderFault(second, 'missing');
    expect((await get(`/order/checkout-forms/${first}`)).status).toBe(500);
    expect((await get(`/order/checkout-forms/${second}`)).status).toBe(404);
    sandbox.setOrderFault(first, null);
    expect((await get(`/order/checkout-forms/${first}`)).status).toBe(200);
  });

  it('corrupts the pages of one seller and leaves the truth and the others alone', async () => {
    const page = async (accessToken = token): Promise<JsonObject[]> => list((await client.get('/order/checkout-forms?limit=20', accessToken)).json, 'checkoutForms');
    const good = await page();
    const neighbour = (await client.link('1')).accessToken;
    const untouched = await page(neighbour);
    sandbox.corrupt({ kind: 'buyers', seller: '0' });
    expect((await page()).every((form) => (form['buyer'] as JsonObject)['id'] === '')).toBe(true);
    sandbox.corrupt({ kind: 'totals', seller: '0' });
    expect((await page()).every((form) => JSON.stringify(form['summary']).includes('"0.00"'))).toBe(true);
    sandbox.corrupt({ kind: 'foreign', seller: '0' });
    expect((await page()).some((form) => sandbox.orderIds('0').includes(String(form['id'])))).toBe(false);
    sandbox.corrupt({ kind: 'lines', seller: '0' });
    expect((await page()).every((form, index) => list(form, 'lineItems').length < list(good[index] ?? {}, 'lineItems').length)).toBe(true);
    expect(await page(neighbour)).toEqual(untouched);
    sandbox.corrupt({ kind: null });
    expect(await page()).toEqual(good);
  });
});

describe('the control API', () => {
  it('does over HTTP what the methods do', async () => {
    const { json } = await client.oauth('device', { client_id: 'demo-client' });
    expect((await client.control('POST', 'approve', { user_code: String(json['user_code']), seller: '1' })).status).toBe(200);
    expect((await client.control('POST', 'approve', { user_code: 'nonsense' })).status).toBe(404);
    const seller = sandbox.sellers()[1]?.id ?? '';
    expect(list((await client.control('GET', 'sellers')).json, 'sellers').map((each) => each['id'])).toContain(seller);
    const created = await client.control('POST', 'orders', { seller, count: 3, status: 'READY_FOR_PROCESSING', kind: 'completed' });
    const [id = ''] = created.json['ids'] as string[];
    expect((await client.control('POST', `orders/${id}/changes`, { kind: 'fulfil', status: 'SENT' })).json).toEqual({ id });
    expect((await client.control('POST', `orders/${id}/changes`, { kind: 'fill' })).status).toBe(409);
    expect((await client.control('GET', `orders/${id}`)).json).toMatchObject({ seller, form: { fulfillment: { status: 'SENT' } } });
    const truth = await client.control('GET', `orders?seller=${seller}`);
    expect(list(truth.json, 'orders')).toHaveLength(123);
    expect((await client.control('GET', `orders?seller=${seller}&ids=1`)).json['ids']).toEqual(list(truth.json, 'orders').map((form) => form['id']));
    expect(list((await client.control('GET', `journal?seller=${seller}`)).json, 'events').at(-1)).toMatchObject({ formId: expect.any(String), visible: true });
    expect((await client.control('POST', 'faults', { faults: 'nonsense=1' })).status).toBe(400);
    expect((await client.control('POST', 'faults', { faults: '5xx=1' })).status).toBe(200);
    expect((await get('/me')).status).toBeGreaterThanOrEqual(500);
    expect((await client.control('POST', 'faults', { faults: '' })).status).toBe(200);
    expect((await client.control('POST', 'tokens/expire', {})).json).toEqual({ expired: 1 });
    expect((await get('/me')).status).toBe(401);
  });

  it('counts requests by route and status, and the most that ran at once', async () => {
    await client.control('POST', 'latency', { ms: 30 });
    await Promise.all([get('/me'), get('/me'), get('/order/checkout-forms/x')]);
    const { json } = await client.control('GET', 'stats');
    expect(json).toMatchObject({
      routes: { 'GET /me': { 200: 2 }, 'GET /order/checkout-forms/{id}': { 422: 1 }, 'POST /auth/oauth/token': { 200: 1 } },
      sellers: { [sandbox.sellers()[0]?.id ?? '']: 3 },
    });
    expect(json['concurrentMaximum']).toBeGreaterThanOrEqual(3);
    await client.control('POST', 'stats/reset', {});
    expect((await client.control('GET', 'stats')).json['routes']).not.toHaveProperty('GET /me');
  });
});
