import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { textAt } from '../../sandbox/json.js';
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

describe('the control API', () => {
  it('does over HTTP what the methods do', async () => {
    const { json } = await client.oauth('device', { client_id: 'demo-client' });
    expect((await client.control('POST', 'approve', { user_code: textAt(json, 'user_code'), seller: '1' })).status).toBe(200);
    expect((await client.control('POST', 'approve', { user_code: 'nonsense' })).status).toBe(404);
    const seller = sandbox.sellers()[1]?.id ?? '';
    expect(listOf((await client.control('GET', 'sellers')).json, 'sellers').map((each) => each['id'])).toContain(seller);
    const created = await client.control('POST', 'orders', { seller, count: 3, status: 'READY_FOR_PROCESSING', kind: 'completed' });
    const [id = ''] = created.json['ids'] as string[];
    expect((await client.control('POST', `orders/${id}/changes`, { kind: 'fulfil', status: 'SENT' })).json).toEqual({ id });
    expect((await client.control('POST', `orders/${id}/changes`, { kind: 'fill' })).status).toBe(409);
    expect((await client.control('GET', `orders/${id}`)).json).toMatchObject({ seller, form: { fulfillment: { status: 'SENT' } } });
    const truth = await client.control('GET', `orders?seller=${seller}`);
    expect(listOf(truth.json, 'orders')).toHaveLength(123);
    expect((await client.control('GET', `orders?seller=${seller}&ids=1`)).json['ids']).toEqual(listOf(truth.json, 'orders').map((form) => form['id']));
    expect(listOf((await client.control('GET', `journal?seller=${seller}`)).json, 'events').at(-1)).toMatchObject({
      formId: expect.any(String),
      visible: true,
    });
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
