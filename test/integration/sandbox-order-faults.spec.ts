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
      return listOf(json, 'events').filter((event) => ((event['order'] as JsonObject)['checkoutForm'] as JsonObject | undefined)?.['id'] === id).length;
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
    sandbox.advanceClock(5);
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
    const page = async (accessToken = token): Promise<JsonObject[]> =>
      listOf((await client.get('/order/checkout-forms?limit=20', accessToken)).json, 'checkoutForms');
    const good = await page();
    const neighbour = (await client.link('1')).accessToken;
    const untouched = await page(neighbour);
    sandbox.corrupt({ kind: 'buyers', seller: '0' });
    expect((await page()).every((form) => (form['buyer'] as JsonObject)['id'] === '')).toBe(true);
    sandbox.corrupt({ kind: 'totals', seller: '0' });
    expect((await page()).every((form) => JSON.stringify(form['summary']).includes('"0.00"'))).toBe(true);
    sandbox.corrupt({ kind: 'foreign', seller: '0' });
    expect((await page()).some((form) => sandbox.orderIds('0').includes(textAt(form, 'id')))).toBe(false);
    sandbox.corrupt({ kind: 'lines', seller: '0' });
    expect((await page()).every((form, index) => listOf(form, 'lineItems').length < listOf(good[index] ?? {}, 'lineItems').length)).toBe(true);
    expect(await page(neighbour)).toEqual(untouched);
    sandbox.corrupt({ kind: null });
    expect(await page()).toEqual(good);
  });
});
