import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { textAt, type JsonObject } from '../../sandbox/json.js';
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.js';
import { listOf, SandboxClient, type SandboxAnswer } from '../support/sandbox-client.js';

let sandbox: Sandbox;
let client: SandboxClient;
let token: string;

beforeEach(async () => {
  sandbox = await startSandbox({ seed: 7, orders: 120, sellers: 2 });
  client = new SandboxClient(sandbox);
  token = (await client.link()).accessToken;
});

afterEach(async () => {
  await sandbox.close();
});

const get = (path: string): Promise<SandboxAnswer> => client.get(path, token);

describe('what happens in a shop', () => {
  const events = async (): Promise<JsonObject[]> => listOf((await get('/order/events?limit=1000')).json, 'events');
  const newest = async (): Promise<JsonObject | undefined> => (await events()).at(-1);

  it('shows a new order at once in the journal and in the list', async () => {
    const [id] = sandbox.createOrders({ kind: 'completed' });
    const event = await newest();
    expect(event).toMatchObject({ type: 'BOUGHT', order: { checkoutForm: { id } } });
    const lagMs = Number(event?.['id']) / 1_000 - Date.parse(textAt(event ?? {}, 'occurredAt'));
    expect(lagMs).toBeGreaterThan(10_000);
    expect(lagMs).toBeLessThan(21_000);
    expect(listOf((await get('/order/checkout-forms?limit=1')).json, 'checkoutForms')[0]).toMatchObject({ id, status: 'BOUGHT' });
  });

  it('lets an order live: filled, paid, moved, sent; updatedAt stands still for the seller', async () => {
    const id = sandbox.createOrders({ kind: 'completed' })[0] ?? '';
    const form = async (): Promise<JsonObject> => (await get(`/order/checkout-forms/${id}`)).json;
    for (const kind of ['fill', 'pay', 'modify-address'] as const) {
      const before = await form();
      sandbox.change(id, { kind });
      expect(textAt(await form(), 'updatedAt') > textAt(before, 'updatedAt')).toBe(true);
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
    expect(listOf((await get(`/order/checkout-forms/${merged}`)).json, 'lineItems').length).toBeGreaterThanOrEqual(2);
    expect(await newest()).toMatchObject({ type: 'FILLED_IN', order: { checkoutForm: { id: merged } } });
  });

  it('goes on by itself: new orders and old ones moving', async () => {
    const before = sandbox.orderIds('0').length;
    const seen = textAt((await newest()) ?? {}, 'id');
    sandbox.arrive(40);
    const fresh = listOf((await get(`/order/events?limit=1000&from=${seen}`)).json, 'events');
    const types = new Set(fresh.map((event) => event['type']));
    expect(sandbox.orderIds('0').length).toBeGreaterThan(before + 5);
    expect(types.size).toBeGreaterThan(1);
    expect(types.has('BOUGHT')).toBe(true);
  });

  it('keeps forms for about twelve months and events for 60 days', async () => {
    const before = sandbox.orderIds('0');
    sandbox.advanceClock(100 * 86_400_000);
    // The tokens died too: consent again, as in life.
    expect((await get('/me')).status).toBe(401);
    token = (await client.link()).accessToken;
    expect(await events()).toHaveLength(0);
    expect((await get('/order/event-stats')).json).toEqual({});
    const left = Number((await get('/order/checkout-forms?limit=1')).json['totalCount']);
    expect(left).toBeLessThan(before.length);
    expect(left).toBe(sandbox.orderIds('0').length);
    expect((await get(`/order/checkout-forms/${before[0] ?? ''}`)).status).toBe(404);
    expect((await get(`/order/checkout-forms/${before.at(-1) ?? ''}`)).status).toBe(200);
  });
});
