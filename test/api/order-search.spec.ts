import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { JsonObject } from '../../src/core/json.js';
import { Database } from '../../src/platform/database/database.js';
import { inventedForm } from '../support/invented-orders.js';
import { type Json, OrderWorld, type Shop } from '../support/order-world.js';

const ID = '0a1b2c3d-0000-11f1-8000-000000000001';
const OTHER = 'ffeeddcc-0000-11f1-8000-000000000002';

function orderOf(id: string, buyer: JsonObject, offer = 'Invented brick set', external = 'SKU-1'): JsonObject {
  const form = inventedForm(id);
  const [line] = form['lineItems'] as JsonObject[];
  return {
    ...form,
    buyer: { ...(form['buyer'] as JsonObject), ...buyer },
    delivery: null,
    lineItems: [{ ...line, offer: { id: '1', name: offer, external: { id: external }, productSet: null } }],
  };
}

const FORMS = [
  orderOf(ID, { firstName: 'Łukasz', lastName: 'Wójcik', email: 'first.mail@example.com', login: 'brickfan', phoneNumber: '+48 600 700 800' }),
  orderOf(
    OTHER,
    { firstName: 'Anna', lastName: 'Łukaszewicz', email: 'second.mail@example.com', login: 'anna_l', companyName: 'Śnieżka' },
    'Zestaw kolejka',
    'KOL-77',
  ),
];

let world: OrderWorld;
let shop: Shop;

beforeAll(async () => {
  world = await OrderWorld.start();
  shop = world.shop();
  await shop.read(FORMS);
});

afterAll(async () => {
  await world.stop();
});

async function found(text: string, more: Record<string, string> = {}): Promise<[id: unknown, score: unknown][]> {
  const { status, body } = await shop.call('/search', { query: { query: text, ...more } });
  expect(status).toBe(200);
  return (body['orders'] as Json[]).map((order) => [order['id'], order['relevance_score']]);
}

describe('searching orders', () => {
  it.each([
    ['a whole order id', ID.toUpperCase(), [[ID, 1]]],
    ['a whole e-mail address', 'FIRST.mail@example.com', [[ID, 0.95]]],
    ['a login', 'anna_l', [[OTHER, 0.95]]],
    ['a phone number, however it is written', '600-700-800', [[ID, 0.9]]],
    ['an external id', 'kol-77', [[OTHER, 0.9]]],
    ['the beginning of an order id', ID.slice(0, 13), [[ID, 0.85]]],
    ['a short beginning of an order id', ID.slice(0, 5), [[ID, 0.85]]],
    ['a name without its marks', 'wojcik', [[ID, 0.8]]],
    ['a company', 'ŚNIEŻKA', [[OTHER, 0.8]]],
    ['words of an offer in any order', 'kolejka zestaw', [[OTHER, 0.6]]],
    ['signs that mean something to the database', '%_%', []],
  ])('finds %s', async (_what, text, orders) => {
    expect(await found(text)).toEqual(orders);
  });

  it('puts the stronger match first', async () => {
    await shop.read([orderOf('11111111-0000-11f1-8000-000000000003', { firstName: 'Ewa', lastName: 'Nowak', login: 'lukasz' }, 'Kubek')]);
    expect((await found('lukasz')).map(([, score]) => score)).toEqual([0.95, 0.8, 0.8]);
  });

  it.each(['lukazs wojcik', 'wojick', 'kolejak'])('tolerates the slip in %j and says so', async (text) => {
    const { body } = await shop.call('/search', { query: { query: text } });
    expect(body['filters']).toMatchObject({ search_query: text, search_type: 'similar' });
    const [best] = body['orders'] as Json[];
    expect(best?.['id']).toBe(text === 'kolejak' ? OTHER : ID);
    expect(Number(best?.['relevance_score'])).toBeLessThanOrEqual(0.5);
  });

  it('pages, filters by flags and echoes what was asked', async () => {
    await shop.call(`/${OTHER}/stock-status`, { method: 'PATCH', body: { is_stock_updated: true } });
    expect((await found('mail@example.com', { stock_updated: 'True' })).map(([id]) => id)).toEqual([OTHER]);
    expect((await found('mail@example.com', { stock_updated: 'False', invoice_created: '0' })).map(([id]) => id)).toEqual([ID]);
    const { body } = await shop.call('/search', { query: { query: ' mail@example ', limit: '1', offset: '1' } });
    expect(body).toMatchObject({
      pagination: { total: 2, limit: 1, offset: 1, has_next: false, has_prev: true },
      filters: { search_query: 'mail@example', search_type: 'contains', stock_updated: null, invoice_created: null, invoice_id: null },
    });
  });

  it('refuses less than three characters and more than a thousand orders', async () => {
    for (const wrong of [{ query: 'ab' }, { query: '  a ' }, { query: 'abc', limit: '1001' }, {}]) {
      const { status, body } = await shop.call('/search', { query: { ...wrong } as Record<string, string> });
      expect([status, body['code']]).toEqual([422, 'VALIDATION_FAILED']);
    }
    expect((await shop.call('/search', { query: { query: 'abc', limit: '1000' } })).status).toBe(200);
  });

  it.each(['e\u0301\u0302', '\u0301\u0302\u0303', 'a\u0301b'])('refuses %j, of which too little is left to look for', async (text) => {
    const { status, body } = await shop.call('/search', { query: { query: text } });
    expect([status, body['code']]).toEqual([422, 'VALIDATION_FAILED']);
  });

  it.each(['PL 000-411-43-28', 'PL0004114328', '0004114328', '(+48) 002226074', 'tel. 002226074', '0048 002 226 074'])(
    'finds the number written as %j',
    async (text) => {
      const id = '33333333-0000-11f1-8000-000000000005';
      const form = orderOf(id, { phoneNumber: '+48 002 226 074' });
      await shop.read([{ ...form, invoice: { required: true, address: { company: { name: 'Firma', taxId: '000-411-43-28' } } } }]);
      expect(await found(text)).toEqual([[id, 0.9]]);
    },
  );

  it('finds an external id of an order with more offers than its text has room for', async () => {
    const id = '44444444-0000-11f1-8000-000000000006';
    const form = orderOf(id, {});
    const [line] = form['lineItems'] as JsonObject[];
    const lines = Array.from({ length: 300 }, (_, n) => ({
      ...line,
      id: `44444444-0000-11f1-8000-${String(n).padStart(12, '0')}`,
      offer: { id: String(n), name: `Long name of the offer ${String(n)}`, external: { id: `LONG-${String(n)}` }, productSet: null },
    }));
    await shop.read([{ ...form, lineItems: lines }]);
    expect(await found('long-299')).toEqual([[id, 0.9]]);
  });

  it('finds an order that was replaced by its whole id only', async () => {
    const id = '55555555-0000-11f1-8000-000000000007';
    await shop.read([orderOf(id, { firstName: 'Replaced', lastName: 'Buyer', email: 'replaced@example.com', login: 'replaced_one' }, 'Kubek', 'REP-1')]);
    await world.testApp.app.get(Database).query(`update orders set merged_into = $2 where order_id = $1`, [id, ID]);
    for (const text of ['replaced buyer', 'replaced@example.com', 'replaced_one', 'rep-1', id.slice(0, 8)])
      expect((await found(text)).map(([one]) => one)).not.toContain(id);
    expect(await found(id)).toEqual([[id, 1]]);
  });

  it("finds nothing of another account, and is not found by another tenant's token", async () => {
    const other = world.shop('tenant-b');
    expect((await other.call('/search', { query: { query: 'wojcik' } })).body).toMatchObject({ orders: [], pagination: { total: 0 } });
    expect((await shop.call('/search', { query: { query: 'wojcik' }, tenant: 'tenant-b' })).status).toBe(404);
  });

  it('is given up after a second and a half, and says so', async () => {
    const owner = new pg.Client(world.ownerUrl);
    await owner.connect();
    await owner.query('begin; lock table order_search in access exclusive mode');
    const { status, body } = await shop.call('/search', { query: { query: 'wojcik' } }).finally(() => owner.end());
    expect([status, body['code']]).toEqual([503, 'SEARCH_TOO_BROAD']);
    expect((await found('wojcik')).map(([id]) => id)).toEqual([ID]);
  });

  it('follows the order as it changes, and is filled again by a replay', async () => {
    const id = '22222222-0000-11f1-8000-000000000004';
    await shop.read([orderOf(id, { firstName: 'Zofia', lastName: 'Dawna' })]);
    await shop.read([{ ...orderOf(id, { firstName: 'Zofia', lastName: 'Obecna' }), updatedAt: '2026-03-01T10:00:00.000Z' }], [], '2026-03-01T10:00:01.000Z');
    expect([await found('dawna'), (await found('zofia obecna')).length]).toEqual([[], 1]);
    await world.testApp.app.get(Database).query(`update order_search set names = '', text = '' where account_id = $1`, [shop.accountId]);
    expect(await found('zofia obecna')).toEqual([]);
    expect((await shop.call(`/${id}/replay`, { method: 'POST' })).body).toMatchObject({ repaired: true });
    expect((await found('zofia obecna')).map(([found]) => found)).toEqual([id]);
  });
});
