import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OrderReplay } from '../../src/orders/order-replay.service.js';
import { completeSync } from '../support/run-sync.js';
import { Service } from '../support/service.js';
import { type TokenWorld, tokenWorld } from '../support/token-app.js';

let world: TokenWorld;
let service: Service;
let account: { tokenId: string; accountId: string };

beforeAll(async () => {
  world = await tokenWorld({ orders: 5, seed: 19, sessionsPerSeller: 100 });
  service = await Service.start(world);
  account = await service.connect();
  await sync();
});

afterAll(async () => {
  await service.stop();
  await world.release();
});

async function sync(): Promise<void> {
  world.sandbox.advanceClock(60_000);
  await completeSync(service, account);
}

const at = (path: string) => `${path}?token_id=${account.tokenId}`;
const order = async (id: string) => (await service.call('GET', at(`/orders/${id}`))).body['order'] as Readonly<Record<string, unknown>>;
const flags = (id: string) => service.call('GET', at(`/orders/${id}/technical-flags`));
const setStock = (id: string, value = true) => service.call('PATCH', at(`/orders/${id}/stock-status`), { is_stock_updated: value });
const setInvoice = (id: string, invoiceId: string) =>
  service.call('PATCH', at(`/orders/${id}/invoice-status`), { has_invoice_created: true, invoice_id: invoiceId });
const listed = async () => ((await service.call('GET', at('/orders'))).body['pagination'] as { total: number }).total;
const summary = async () => (await service.call('GET', at('/orders/technical-flags/summary'))).body['summary'] as Readonly<Record<string, number>>;

async function twoPurchases(): Promise<[string, string]> {
  const [first = '', second = ''] = world.sandbox.createOrders({ count: 2, kind: 'cod' });
  await sync();
  return [first, second];
}

async function mergeBoth([first, second]: readonly [string, string]): Promise<string> {
  const successor = world.sandbox.change(first, { kind: 'merge', with: second });
  await sync();
  return successor;
}

describe('two purchases that are paid together', () => {
  it('become one order that is listed and counted once; the old ids answer and name the new one', async () => {
    const before = { listed: await listed(), total: (await summary())['total_orders'] };
    const parents = await twoPurchases();
    const successor = await mergeBoth(parents);
    expect(await listed()).toBe(before.listed + 1);
    expect((await summary())['total_orders']).toBe((before.total ?? 0) + 1);
    for (const parent of parents) expect(await order(parent)).toMatchObject({ allegro_order_id: parent, merged_into: successor, merged_from: [] });
    expect(await order(successor)).toMatchObject({ allegro_order_id: successor, merged_into: null, merged_from: [...parents].sort(), attention: false });
    const { rows } = await world.owner.query('select order_id from owed_forms');
    expect(rows).toEqual([]);
  });

  it('hand on the flags all of them agree on, the invoice id with them', async () => {
    const parents = await twoPurchases();
    for (const parent of parents) await setStock(parent);
    await setInvoice(parents[0], 'FV/1');
    await service.call('PATCH', at(`/orders/${parents[1]}/invoice-status`), { has_invoice_created: true });
    const successor = await mergeBoth(parents);
    const carried = { technical_flags: { is_stock_updated: true, has_invoice_created: true, invoice_id: 'FV/1' }, attention: false };
    expect(await order(successor)).toMatchObject(carried);
    expect(await order(parents[0])).toMatchObject({ technical_flags: { has_invoice_created: true, invoice_id: null } });
    expect((await flags(parents[0])).body).toMatchObject({ order_id: successor, technical_flags: { invoice_id: 'FV/1' } });
  });

  it('ask for attention where their flags disagree, and hand nothing on', async () => {
    const parents = await twoPurchases();
    await setStock(parents[0]);
    const successor = await mergeBoth(parents);
    expect(await order(successor)).toMatchObject({ technical_flags: { is_stock_updated: false }, attention: true });
  });

  it('pass a command on an old id to the order that goes on, also through several merges', async () => {
    const parents = await twoPurchases();
    const middle = await mergeBoth(parents);
    const [third = ''] = world.sandbox.createOrders({ count: 1, kind: 'cod' });
    await sync();
    const last = await mergeBoth([middle, third]);
    expect((await setStock(parents[0])).status).toBe(200);
    expect(await order(last)).toMatchObject({ technical_flags: { is_stock_updated: true } });
    expect(await order(parents[0])).toMatchObject({ technical_flags: { is_stock_updated: false } });
  });

  it('are linked as well when their forms were gone before anybody could read them, and nothing stays owed', async () => {
    const [first = '', second = ''] = world.sandbox.createOrders({ count: 2, kind: 'cod' });
    const successor = await mergeBoth([first, second]);
    expect(await order(successor)).toMatchObject({ merged_from: [first, second].sort() });
    const { rows } = await world.owner.query('select order_id from owed_forms');
    expect(rows).toEqual([]);
  });

  it('are told of in both logs, from which the lists can be rebuilt', async () => {
    const parents = await twoPurchases();
    const successor = await mergeBoth(parents);
    const { body } = await service.call('GET', at(`/orders/${parents[0]}/timeline`));
    expect((body['events'] as { type: string }[]).map(({ type }) => type)).toContain('order.merged_into');
    await world.owner.query(`update orders set merged_into = null, merged_from = null, status = 'WRONG' where order_id = any ($1)`, [[successor, ...parents]]);
    for (const id of [successor, ...parents]) await service.app.get(OrderReplay).rebuild(account.accountId, id);
    expect(await order(parents[1])).toMatchObject({ merged_into: successor });
    expect(await order(successor)).toMatchObject({ merged_from: [...parents].sort() });
    const announced = await world.owner.query(`select order_id from event_log.outbox where topics = '{order.merged}' and order_id = any ($1)`, [
      [successor, ...parents],
    ]);
    expect(announced.rows).toHaveLength(3);
  });
});
