import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AccountDirectory } from '../../src/platform/http/access/account-directory.js';
import { bearer, tokenOf } from '../support/access-tokens.js';
import { inventedForm } from '../support/invented-orders.js';
import type { TestAccounts } from '../support/test-accounts.js';
import { boughtAt, dayForms, type Json, OrderWorld, type Shop } from '../support/order-world.js';

let world: OrderWorld;

beforeAll(async () => {
  world = await OrderWorld.start();
});

afterAll(async () => {
  await world.stop();
});

const idsOf = (body: Json) => (body['orders'] as Json[]).map(({ id }) => id);
const raw = (shop: Shop, url: string, headers: Record<string, string> = {}) =>
  world.testApp.app.inject({ method: 'GET', url, headers: { ...bearer(tokenOf(shop.tenant)), ...headers } });

async function asOwner(url: string, statement: string): Promise<void> {
  const owner = new pg.Client(url);
  await owner.connect();
  await owner.query(statement);
  await owner.end();
}

/** Every page behind the first, by the address each page names. */
async function follow(shop: Shop, first: string, between: () => Promise<void> = () => Promise.resolve()): Promise<unknown[]> {
  const ids: unknown[] = [];
  for (let url: string | undefined = first; url !== undefined;) {
    const answer = await raw(shop, url);
    expect(answer.statusCode).toBe(200);
    ids.push(...idsOf(answer.json<Json>()));
    url = /^<(.+)>; rel="next"$/.exec(String(answer.headers['link'] ?? ''))?.[1];
    await between();
  }
  return ids;
}

describe('a list of orders read by cursor', () => {
  it.each(['bought', 'updated'])('has no holes and no repetitions while newer orders arrive, sorted by %s', async (sort) => {
    const shop = world.shop();
    for (const form of dayForms) await shop.read([form]);
    let arrived = 0;
    const arrive = () => shop.read([inventedForm(`n${String((arrived += 1))}`, boughtAt('2026-04-01T08:00:00.000Z'))]);
    expect(await follow(shop, `/api/v1/orders?token_id=${shop.tokenId}&limit=1&sort=${sort}`, arrive)).toEqual(['o3', 'o2', 'o1']);
  });

  it('goes on at the same place among orders of one instant', async () => {
    const shop = world.shop();
    const ids = Array.from({ length: 7 }, (_, index) => `same-${String(index)}`);
    await shop.read(ids.map((id) => inventedForm(id)));
    for (const query of ['', '&stock_updated=false', '&status=NEW']) {
      expect((await follow(shop, `/api/v1/orders?token_id=${shop.tokenId}&limit=2${query}`)).sort()).toEqual(ids);
    }
  });

  it('says what is before and behind, with the exact total', async () => {
    const shop = world.shop();
    await shop.read(dayForms);
    const first = await shop.call('', { query: { limit: '2' } });
    expect(first.body).toMatchObject({ pagination: { total: 3, has_next: true, has_prev: false }, next_cursor: expect.any(String) });
    const last = await shop.call('', { query: { limit: '2', cursor: String(first.body['next_cursor']) } });
    expect([idsOf(last.body), last.body['pagination'], last.body['next_cursor']]).toEqual([
      ['o1'],
      { total: 3, limit: 2, offset: 0, has_next: false, has_prev: true },
      null,
    ]);
  });

  it('refuses a cursor of another account, of another order, or made up', async () => {
    const [shop, other] = [world.shop(), world.shop()];
    for (const one of [shop, other]) await one.read(dayForms);
    const cursor = String((await shop.call('', { query: { limit: '1' } })).body['next_cursor']);
    for (const [asked, query] of [
      [other, { cursor }],
      [shop, { cursor, sort: 'updated' }],
      [shop, { cursor: `x${cursor}` }],
      [shop, { cursor: 'x' }],
    ] as const) {
      const { status, body } = await asked.call('', { query });
      expect([status, body['code'], body['errors']]).toEqual([422, 'VALIDATION_FAILED', [{ field: 'cursor', message: expect.any(String) }]]);
    }
  });
});

describe('a list of orders', () => {
  it('is filtered by each axis, marketplace, payment, delivery and dispatch deadline', async () => {
    const shop = world.shop();
    const cash = { payment: { id: 'p', type: 'CASH_ON_DELIVERY' } };
    await shop.read([
      inventedForm('a', { status: 'CANCELLED', marketplace: { id: 'allegro-cz' } }),
      inventedForm('b', { fulfillment: { status: 'CANCELLED' }, ...cash }),
      inventedForm('c', { delivery: { method: { id: 'm', name: 'Courier' }, time: { dispatch: { to: '2026-05-01T10:00:00Z' } } } }),
    ]);
    const filtered = async (query: Record<string, string>) => (await shop.ids(query)).sort();
    expect(await filtered({ order_status: 'CANCELLED' })).toEqual(['a']);
    expect(await filtered({ fulfillment_status: 'CANCELLED' })).toEqual(['b']);
    expect(await filtered({ marketplace: 'allegro-cz' })).toEqual(['a']);
    expect(await filtered({ payment_type: 'CASH_ON_DELIVERY', marketplace: 'allegro-pl' })).toEqual(['b']);
    expect(await filtered({ delivery_method: 'Courier' })).toEqual(['c']);
    expect(await filtered({ dispatch_from: '2026-05-01T10:00:00Z', dispatch_to: '2026-05-01T12:00:00+02:00' })).toEqual(['c']);
    expect((await shop.call('', { query: { marketplace: 'allegro-cz' } })).body).toMatchObject({
      pagination: { total: 1 },
      filters: { marketplace: 'allegro-cz', status: null },
    });
    expect((await shop.call('', { query: { dispatch_from: '2026-05-02', dispatch_to: '2026-05-01' } })).status).toBe(422);
  });

  it('is sorted by our last change where that is asked for', async () => {
    const shop = world.shop();
    for (const form of dayForms) await shop.read([form]);
    await shop.read([{ ...dayForms[0], status: 'CANCELLED', updatedAt: '2026-03-05T00:00:00.000Z' }], [], '2026-03-05T00:00:01.000Z');
    expect(await shop.ids({ sort: 'updated' })).toEqual(['o1', 'o3', 'o2']);
    expect(await shop.ids({})).toEqual(['o3', 'o2', 'o1']);
    expect((await shop.call('', { query: { sort: 'price' } })).status).toBe(422);
  });

  it('answers only the members that are asked for', async () => {
    const shop = world.shop();
    await shop.read([inventedForm('o')]);
    const { body } = await shop.call('', { query: { fields: 'id,status,technical_flags,unknown' } });
    const flags = { is_stock_updated: false, has_invoice_created: false, invoice_id: null };
    expect(body['orders']).toEqual([{ id: 'o', status: 'READY_FOR_PROCESSING', technical_flags: flags }]);
    expect((await shop.call('', { query: { fields: 'a;b' } })).status).toBe(422);
  });

  it('is not sent again to who holds it, and is when an order changed', async () => {
    const shop = world.shop();
    await shop.read([inventedForm('o')]);
    const url = `/api/v1/orders?token_id=${shop.tokenId}`;
    const tag = String((await raw(shop, url)).headers['etag']);
    const again = await raw(shop, url, { 'if-none-match': `"other", ${tag}` });
    // Weak: compressed bytes are others.
    expect(tag).toMatch(/^W\/"/);
    expect((await raw(shop, url, { 'if-none-match': tag.slice(2) })).statusCode).toBe(304);
    expect([again.statusCode, again.body, again.headers['etag']]).toEqual([304, '', tag]);
    await shop.patch('/o/stock-status', { is_stock_updated: true });
    expect((await raw(shop, url, { 'if-none-match': tag })).statusCode).toBe(200);
  });

  it('holds an order whose texts have signs that the database cannot hold in a column', async () => {
    const shop = world.shop();
    await shop.read([inventedForm('o', { status: 'NEW\0ISH', messageToSeller: 'a\0b \ud800' })]);
    const { status, body } = await shop.call('');
    expect([status, (body['orders'] as Json[])[0]?.['messageToSeller']]).toEqual([200, 'a\0b \ud800']);
  });

  it('answers every change at once, by whichever way it came, though it keeps what it answered', async () => {
    const shop = world.shop();
    const other = world.testApp.app.get<TestAccounts>(AccountDirectory).add(shop.tenant, shop.accountId, '00000000-0000-4000-9000-000000000001');
    await shop.read([inventedForm('o')]);
    const listed = async (tokenId = shop.tokenId) => ((await shop.call('', { query: { token_id: tokenId } })).body['orders'] as Json[])[0];
    expect(await listed()).toMatchObject({ id: 'o', token_id: shop.tokenId, status: 'READY_FOR_PROCESSING' });
    expect(await listed(other)).toMatchObject({ id: 'o', token_id: other });
    await shop.read([inventedForm('o', { status: 'CANCELLED', updatedAt: '2026-03-05T00:00:00.000Z' })], [], '2026-03-05T00:00:01.000Z');
    expect(await listed()).toMatchObject({ status: 'CANCELLED' });
    await shop.patch('/o/stock-status', { is_stock_updated: true });
    expect(await listed()).toMatchObject({ technical_flags: { is_stock_updated: true } });
    // A repair writes the row again without a new version.
    await asOwner(world.ownerUrl, `update order_documents set document = '{"id":"o","status":"REPAIRED"}' where account_id = ${shop.accountId}`);
    expect(await listed()).toMatchObject({ status: 'REPAIRED' });
  });
});
