import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { inventedEvent, inventedForm } from '../support/invented-orders.js';
import { boughtAt, dayForms, type Json, OrderWorld, type Shop } from '../support/order-world.js';

let world: OrderWorld;

beforeAll(async () => {
  world = await OrderWorld.start();
});

afterAll(async () => {
  await world.stop();
});

describe('the list of orders', () => {
  it("answers Allegro's documents as stored, with our members, newest first", async () => {
    const shop = world.shop();
    await shop.read(dayForms);
    const { status, body, type } = await shop.call('/');
    expect(status).toBe(200);
    expect(type).toMatch(/^application\/json/);
    const orders = body['orders'] as Json[];
    expect(orders.map(({ id }) => id)).toEqual(['o3', 'o2', 'o1']);
    expect(orders[0]).toEqual({
      ...dayForms[2],
      db_id: expect.any(String),
      token_id: shop.tokenId,
      allegro_order_id: 'o3',
      db_created_at: expect.stringMatching(/Z$/),
      db_updated_at: expect.stringMatching(/Z$/),
      technical_flags: { is_stock_updated: false, has_invoice_created: false, invoice_id: null },
      version: 1,
      kept: [],
      merged_into: null,
      merged_from: [],
      attention: false,
    });
    expect(body['pagination']).toEqual({ total: 3, limit: 50, offset: 0, has_next: false, has_prev: false });
    expect(body['filters']).toEqual({ status: null, from_date: null, to_date: null, stock_updated: null, invoice_created: null, invoice_id: null });
  });

  it('pages without holes and says what is before and behind', async () => {
    const shop = world.shop();
    await shop.read(dayForms);
    const { body } = await shop.call('', { query: { limit: '1', offset: '1' } });
    expect((body['orders'] as Json[]).map(({ id }) => id)).toEqual(['o2']);
    expect(body['pagination']).toEqual({ total: 3, limit: 1, offset: 1, has_next: true, has_prev: true });
    expect((await shop.call('', { query: { offset: '10' } })).body['pagination']).toEqual({ total: 3, limit: 50, offset: 10, has_next: false, has_prev: true });
  });

  it('filters by the order date with both ends inclusive', async () => {
    const shop = world.shop();
    await shop.read(dayForms);
    expect(await shop.ids({ from_date: '2026-03-02T08:00:00Z', to_date: '2026-03-02T09:00:00+01:00' })).toEqual(['o2']);
    expect(await shop.ids({ from_date: '2026-03-02T08:00:00' })).toEqual(['o3', 'o2']);
    expect(await shop.ids({ to_date: '2026-03-02T07:59:59.999Z' })).toEqual(['o1']);
  });

  it('dates an order without line items by when it was first seen', async () => {
    const shop = world.shop();
    await shop.read([inventedForm('o', { lineItems: null })], [], '2026-02-03T04:05:06.000Z');
    expect(await shop.ids({ from_date: '2026-02-03T04:05:06Z', to_date: '2026-02-03T04:05:06Z' })).toEqual(['o']);
  });

  it('filters by a status of either axis', async () => {
    const shop = world.shop();
    const forms = [
      inventedForm('buyer', { status: 'CANCELLED', fulfillment: { status: 'CANCELLED' }, ...boughtAt('2026-03-03T08:00:00Z') }),
      inventedForm('seller', { fulfillment: { status: 'CANCELLED' }, ...boughtAt('2026-03-02T08:00:00Z') }),
      inventedForm('sent', { fulfillment: { status: 'SENT' } }),
    ];
    await shop.read(forms);
    expect(await shop.ids({ status: 'CANCELLED' })).toEqual(['buyer', 'seller']);
    expect(await shop.ids({ status: 'SENT', stock_updated: 'False' })).toEqual(['sent']);
    expect(await shop.ids({ status: 'SENT', stock_updated: 'True' })).toEqual([]);
    expect((await shop.call('', { query: { status: 'CANCELLED', limit: '1' } })).body['pagination']).toMatchObject({ total: 2, has_next: true });
  });

  it.each(['False', 'false', '0'])('finds an order never flagged by %s', async (no) => {
    const shop = world.shop();
    await shop.read([inventedForm('o')]);
    expect(await shop.ids({ stock_updated: no, invoice_created: no })).toEqual(['o']);
    expect(await shop.ids({ stock_updated: no === '0' ? '1' : 'True' })).toEqual([]);
  });

  it('filters by each flag and by the invoice id', async () => {
    const shop = world.shop();
    await shop.read(dayForms);
    await shop.patch('/o1/stock-status', { is_stock_updated: true });
    await shop.patch('/o2/invoice-status', { has_invoice_created: true, invoice_id: 'FV/2026/03' });
    expect(await shop.ids({ stock_updated: 'true' })).toEqual(['o1']);
    expect(await shop.ids({ stock_updated: 'false' })).toEqual(['o3', 'o2']);
    expect(await shop.ids({ invoice_created: 'true' })).toEqual(['o2']);
    expect(await shop.ids({ invoice_created: 'false', stock_updated: 'false' })).toEqual(['o3']);
    expect(await shop.ids({ invoice_created: 'true', stock_updated: 'false' })).toEqual(['o2']);
    expect(await shop.ids({ invoice_id: 'FV/2026/03' })).toEqual(['o2']);
    expect((await shop.call('', { query: { invoice_id: 'FV/2026/03' } })).body).toMatchObject({
      pagination: { total: 1 },
      filters: { invoice_id: 'FV/2026/03' },
    });
    expect(await shop.ids({ invoice_id: "' or 1=1 --" })).toEqual([]);
  });

  it.each([
    ['limit', '0'], ['limit', '101'], ['limit', '1.5'], ['limit', '0x10'], ['offset', '-1'], ['offset', '1000001'], ['from_date', '2026-02-30'],
    ['to_date', 'yesterday'], ['stock_updated', 'maybe'], ['invoice_created', '2'], ['status', 'x'.repeat(51)], ['token_id', 'no-uuid'],
  ])('refuses %s=%s and names it', async (field, value) => {
    const { status, body } = await world.shop().call('', { query: { [field]: value } });
    expect(status).toBe(422);
    expect(body).toMatchObject({ code: 'VALIDATION_FAILED', errors: [{ field }] });
  }); // prettier-ignore

  it('refuses a window that ends before it begins', async () => {
    const { status, body } = await world.shop().call('', { query: { from_date: '2026-03-02', to_date: '2026-03-01' } });
    expect([status, body['errors']]).toEqual([422, [{ field: 'from_date', message: 'must not be later than to_date' }]]);
  });
});

describe('one order', () => {
  it('is answered alone and in the shape of a list, by its id in any case', async () => {
    const shop = world.shop();
    await shop.read([inventedForm('ABC')]);
    const { status, body } = await shop.call('/AbC');
    expect(status).toBe(200);
    expect(body).toMatchObject({ success: true, order: { id: 'ABC', allegro_order_id: 'abc' }, pagination: { total: 1 } });
    expect(body['orders']).toEqual([body['order']]);
  });

  it('is 404 for another tenant, exactly as an order that does not exist', async () => {
    const shop = world.shop('tenant-a');
    const other = world.shop('tenant-b');
    await shop.read([inventedForm('o')]);
    for (const path of ['/o', '/o/timeline', '/o/technical-flags', '', '/events', '/technical-flags/summary']) {
      const foreign = await shop.call(path, { tenant: 'tenant-b' });
      expect([path, foreign.status, foreign.body['code']]).toEqual([path, 404, 'TOKEN_NOT_FOUND']);
    }
    for (const path of ['/o', '/o/timeline', '/o/technical-flags', '/O']) {
      expect((await other.call(path)).body).toMatchObject({ status: 404, code: 'ORDER_NOT_FOUND' });
    }
    expect((await other.patch('/o/stock-status', { is_stock_updated: true })).body).toMatchObject({ status: 404, code: 'ORDER_NOT_FOUND' });
    expect((await shop.patch('/o/stock-status', { is_stock_updated: true }, { tenant: 'tenant-b' })).status).toBe(404);
    expect((await shop.call('/o/replay', { method: 'POST', tenant: 'tenant-b' })).status).toBe(404);
    expect(await other.ids()).toEqual([]);
    expect((await shop.call('/o/technical-flags')).body).toMatchObject({ technical_flags: { is_stock_updated: false, updated_at: null } });
  });

  it('is read by support across tenants when the tenant is named, and replayed, but not flagged', async () => {
    const shop = world.shop('tenant-c');
    await shop.read([inventedForm('o')]);
    const staff = { tenant: 'staff', claims: { roles: ['support'] }, query: { user_id: 'tenant-c' } };
    expect((await shop.call('/o/timeline', staff)).status).toBe(200);
    const replay = (query: Record<string, string>) => shop.call('/o/replay', { ...staff, method: 'POST', query: { ...staff.query, ...query } });
    expect((await replay({})).body['code']).toBe('REASON_REQUIRED');
    expect((await replay({ reason: 'ticket-1' })).status).toBe(200);
    expect((await shop.patch('/o/stock-status', { is_stock_updated: true }, staff)).status).toBe(404);
    expect((await shop.call('/o', { tenant: 'staff', claims: { roles: ['support'] } })).status).toBe(404);
  });
});

describe('the past of an order', () => {
  async function shopWithPast(): Promise<{ shop: Shop; instants: string[]; seen: string[] }> {
    const shop = world.shop();
    const instants: string[] = [];
    const seen: string[] = [];
    const look = async () => {
      seen.push((await shop.call('/o')).text);
      instants.push(new Date().toISOString());
      const looked = Date.now();
      await eventually('the next millisecond, which as_of tells apart', () => Date.now() > looked);
    };
    await shop.read([inventedForm('o', { status: 'BOUGHT', updatedAt: '2026-03-01T09:00:00Z' })], [inventedEvent('1', 'o', 'BOUGHT')], '2026-03-01T09:01:00Z');
    await look();
    await shop.patch('/o/stock-status', { is_stock_updated: true });
    await look();
    await shop.read([inventedForm('o', { delivery: null, updatedAt: '2026-03-01T10:00:00Z' })], [], '2026-03-01T10:01:00Z');
    await look();
    await shop.patch('/o/invoice-status', { has_invoice_created: true, invoice_id: 'FV/1' });
    await look();
    return { shop, instants, seen };
  }

  it('as of an instant is, to the byte, what was answered then, flags included', async () => {
    const { shop, instants, seen } = await shopWithPast();
    for (const [index, instant] of instants.entries()) expect((await shop.call('/o', { query: { as_of: instant } })).text).toBe(seen[index]);
    expect((await shop.call('/o', { query: { as_of: new Date().toISOString() } })).text).toBe((await shop.call('/o')).text);
  });

  it('as of the instant an event was recorded includes that event', async () => {
    const { shop } = await shopWithPast();
    const { body } = await shop.call('/o/timeline');
    const [, , stockSet] = body['events'] as Json[];
    const { body: then } = await shop.call('/o', { query: { as_of: String(stockSet?.['recorded_at']) } });
    expect(then['order']).toMatchObject({ version: 2, technical_flags: { is_stock_updated: true } });
  });

  it('before it was known is 404', async () => {
    const { shop } = await shopWithPast();
    expect((await shop.call('/o', { query: { as_of: '2026-01-01T00:00:00Z' } })).body).toMatchObject({ status: 404, code: 'ORDER_NOT_FOUND' });
    expect((await shop.call('/o', { query: { as_of: 'then' } })).body).toMatchObject({ status: 422, errors: [{ field: 'as_of' }] });
  });

  it("goes by Allegro's own times when asked what was true", async () => {
    const { shop } = await shopWithPast();
    const { body } = await shop.call('/o', { query: { occurred_as_of: '2026-03-01T09:30:00Z' } });
    expect(body['order']).toMatchObject({ status: 'BOUGHT', version: 2, technical_flags: { is_stock_updated: false } });
  });

  it('is told event by event, with times, source and every changed place', async () => {
    const { shop } = await shopWithPast();
    const { body } = await shop.call('/o/timeline');
    const events = body['events'] as Json[];
    expect(events.map(({ version, type, source }) => [version, type, source])).toEqual([
      [1, 'journal.received', 'journal'],
      [2, 'form.read', 'form'],
      [3, 'flags.stock_set', 'service'],
      [4, 'form.read', 'form'],
      [5, 'flags.invoice_set', 'service'],
    ]);
    expect(events[0]).toMatchObject({
      allegro_event: { id: '1', type: 'BOUGHT' },
      changes: [],
      trace_id: 'trace-journal',
      occurred_at: '2026-03-01T09:05:10.000Z',
    });
    expect(events[2]).toMatchObject({ actor: 'tenant-a', changes: [{ path: 'technical_flags.is_stock_updated', old: false, new: true }] });
    expect(events[3]).toMatchObject({
      observed_at: '2026-03-01T10:01:00.000Z',
      trace_id: 'trace-form',
      kept: expect.arrayContaining([{ path: 'delivery.address', version: 2 }]),
    });
    expect(events[3]?.['changes']).toEqual(expect.arrayContaining([{ path: 'status', old: 'BOUGHT', new: 'READY_FOR_PROCESSING' }]));
    expect(events[3]?.['changes']).not.toEqual(expect.arrayContaining([expect.objectContaining({ path: 'delivery.address' })]));
    expect(events[4]?.['changes']).toEqual([
      { path: 'technical_flags.has_invoice_created', old: false, new: true },
      { path: 'technical_flags.invoice_id', old: null, new: 'FV/1' },
    ]);
  });

  it('rebuilds the projection and reports what differed', async () => {
    const { shop } = await shopWithPast();
    expect((await shop.call('/o/replay', { method: 'POST' })).body).toMatchObject({
      success: true,
      order_id: 'o',
      version: 5,
      events_replayed: 5,
      differences: [],
      repaired: false,
    });
    expect((await shop.call('/unknown/replay', { method: 'POST' })).body).toMatchObject({ code: 'ORDER_NOT_FOUND' });
    expect((await shop.call('/unknown/timeline')).body).toMatchObject({ code: 'ORDER_NOT_FOUND' });
  });
});

describe("Allegro's journal events", () => {
  it('are answered as stored, oldest first by when they occurred, from an instant on', async () => {
    const shop = world.shop();
    const event = (id: string, occurredAt: string) => ({ ...inventedEvent(id, 'o', 'FILLED_IN'), occurredAt });
    const [late, early, noForm] = [
      event('12', '2026-03-01T12:00:00.000Z'),
      event('13', '2026-03-01T11:00:00.000Z'),
      { ...inventedEvent('14', null), occurredAt: '2026-03-01T13:00:00.000Z' },
    ];
    await shop.read([inventedForm('o')], [late, early, noForm]);
    const all = await shop.call('/events/');
    expect(all.body).toEqual({
      events: [early, late, noForm].map((read) => ({ ...read, token_id: shop.tokenId })),
      total_count: 3,
      has_more: false,
      error: null,
    });
    const page = await shop.call('/events', { query: { from_timestamp: '2026-03-01T12:00:00Z', limit: '1' } });
    expect(page.body).toMatchObject({ events: [{ id: '12' }], total_count: 2, has_more: true });
    expect((await shop.call('/events', { query: { limit: '1001' } })).body).toMatchObject({ status: 422, errors: [{ field: 'limit' }] });
  });
});

it('asks every caller of every route for a token', async () => {
  const paths = ['', '/o', '/events', '/o/timeline', '/o/technical-flags', '/technical-flags/summary'];
  const answers = await Promise.all(paths.map((path) => world.testApp.app.inject({ method: 'GET', url: `/api/v1/orders${path}` })));
  expect(answers.map(({ statusCode }) => statusCode)).toEqual(paths.map(() => 401));
});
