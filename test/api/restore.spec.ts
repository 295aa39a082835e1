import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../src/core/json.js';
import { OrderRecorder } from '../../src/orders/order-recorder.service.js';
import { ChainVerifier } from '../../src/platform/event-log/chain-verifier.js';
import { bearer, tokenOf } from '../support/access-tokens.js';
import { formReading, inventedEvent, inventedForm, journalReading } from '../support/invented-orders.js';
import { type Json, Service } from '../support/service.js';
import { type TokenWorld, tokenWorld } from '../support/token-app.js';

interface Shop {
  readonly tenant: string;
  readonly tokenId: string;
  readonly accountId: string;
}

interface Answer {
  readonly status: number;
  readonly body: Json;
}

let world: TokenWorld;
let service: Service;
let shop: Shop;
let neighbour: Shop;

beforeAll(async () => {
  world = await tokenWorld();
  service = await Service.start(world);
  const [first, second] = world.sandbox.sellers();
  shop = { tenant: 'tenant-a', ...(await service.connect('shop', first?.id)) };
  neighbour = { tenant: 'tenant-b', ...(await service.connect('next door', second?.id, 'tenant-b')) };
});

afterAll(async () => {
  await service.stop();
  await world.release();
});

const rows = async <Row extends object>(sql: string, values: unknown[] = []): Promise<Row[]> => (await world.owner.query<Row>(sql, values)).rows;
let minute = 0;
/** Reads forms as a sync does, each later than the one before. */
async function read(forms: readonly JsonObject[], of = shop): Promise<void> {
  minute += 1;
  const at = new Date(Date.parse('2026-03-01T09:00:00.000Z') + minute * 60_000).toISOString();
  await service.app
    .get(OrderRecorder)
    .record({ accountId: of.accountId, fence: null, actor: 'sync', journal: [], forms: forms.map((form) => formReading(form, at)) });
}
const form = (id: string, changes: JsonObject = {}) =>
  inventedForm(id, { updatedAt: new Date(Date.parse('2026-03-01T09:00:00.000Z') + minute * 60_000).toISOString(), ...changes });

/** An instant between what was recorded before and what is recorded after. */
async function now(): Promise<string> {
  await rows('select pg_sleep(0.003)');
  const [row] = await rows<{ at: Date }>('select clock_timestamp() as at');
  await rows('select pg_sleep(0.003)');
  return row?.at.toISOString() ?? '';
}

async function staff(
  method: 'GET' | 'POST',
  path: string,
  { role = 'operator', body, of = shop }: { role?: string; body?: Json; of?: Shop } = {},
): Promise<Answer> {
  const url = `/api/v1${path}${path.includes('?') ? '&' : '?'}user_id=${of.tenant}`;
  const headers = { ...bearer(tokenOf('staff', { roles: [role], sub: 'olga', scope: 'personal-data:read' })), 'content-type': 'application/json' };
  const answer = await service.app.inject(body === undefined ? { method, url, headers } : { method, url, headers, payload: JSON.stringify(body) });
  return { status: answer.statusCode, body: answer.json<Json>() };
}

const plan = (asOf: string, orderIds?: string[], role?: string) =>
  staff('POST', '/restore-plans', { body: { token_id: shop.tokenId, as_of: asOf, ...(orderIds ? { order_ids: orderIds } : {}) }, ...(role ? { role } : {}) });
const apply = (id: unknown, role?: string) =>
  staff('POST', `/restore-plans/${String(id)}/apply?token_id=${shop.tokenId}&reason=a%20bad%20import`, role ? { role } : {});
const view = async (id: string, query = '') => (await service.call('GET', `/orders/${id}?token_id=${shop.tokenId}${query}`)).body['order'] as Json;
const flag = (id: string, body: Json, what = 'stock-status') => service.call('PATCH', `/orders/${id}/${what}?token_id=${shop.tokenId}`, body);
/** What an order says, without our own times and versions. */
const content = (order: Json) => Object.fromEntries(Object.entries(order).filter(([key]) => !key.startsWith('db_') && !['version', 'kept'].includes(key)));
const changesOf = ({ body }: Answer) =>
  (body['orders'] as Json[]).map((order) => [order['order_id'], (order['changes'] as Json[]).map((change) => change['path'])]);

describe('the past of an account', () => {
  let empty: string;
  let before: string;
  let after: string;

  beforeAll(async () => {
    empty = await now();
    await read([form('p1'), form('p2'), form('p3', { status: 'BOUGHT' })]);
    before = await now();
    await read([form('p2', { status: 'CANCELLED' }), form('p4')]);
    await flag('p1', { is_stock_updated: true });
    after = await now();
    await read([form('p1', { status: 'CANCELLED' })]);
  });

  it('is answered whole, page by page, as each order was then', async () => {
    const at = async (asOf: string, query = '') => (await service.call('GET', `/orders/as-of?token_id=${shop.tokenId}&as_of=${asOf}${query}`)).body;
    const first = await at(before, '&limit=2');
    expect((first['orders'] as Json[]).map((order) => [order['id'], order['status']])).toEqual([['p1', 'READY_FOR_PROCESSING'], ['p2', 'READY_FOR_PROCESSING']]); // prettier-ignore
    const second = await at(before, `&limit=2&cursor=${String(first['next_cursor'])}`);
    expect([(second['orders'] as Json[]).map((order) => order['id']), second['next_cursor']]).toEqual([['p3'], null]);
    expect((await at(after))['orders']).toEqual([await view('p1', `&as_of=${after}`), await view('p2'), await view('p3'), await view('p4')]);
    expect((await at(empty))['orders']).toEqual([]);
  });

  it('is compared between two instants: one order, or all that differ', async () => {
    const one = await service.call('GET', `/orders/p1/diff?token_id=${shop.tokenId}&from=${before}&to=${after}`);
    expect(one.body).toMatchObject({ order_id: 'p1', known_before: true, changes: [{ path: 'technical_flags.is_stock_updated', old: false, new: true }] });
    const all = await service.call('GET', `/orders/diff?token_id=${shop.tokenId}&from=${before}&to=${after}`);
    expect((all.body['orders'] as Json[]).map((order) => [order['order_id'], order['known_before']])).toEqual([['p1', true], ['p2', true], ['p4', false]]); // prettier-ignore
    expect((all.body['orders'] as Json[])[1]?.['changes']).toContainEqual({ path: 'status', old: 'READY_FOR_PROCESSING', new: 'CANCELLED' });
    const pages = await service.call('GET', `/orders/diff?token_id=${shop.tokenId}&from=${before}&limit=1`);
    expect([(pages.body['orders'] as Json[]).length, pages.body['next_cursor']]).toEqual([1, expect.any(String)]);
  });

  it.each([
    ['/orders/as-of?as_of=2026-03-01T00:00:00Z', 404],
    ['/orders/diff?from=2026-03-01T00:00:00Z', 404],
    ['/orders/p1/diff?from=2026-03-01T00:00:00Z', 404],
  ])('of another tenant is not there: %s', async (path, status) => {
    expect((await service.call('GET', `${path}&token_id=${shop.tokenId}`, undefined, 'tenant-b')).status).toBe(status);
  });

  it.each(['/orders/as-of?as_of=yesterday', '/orders/as-of?', '/orders/as-of?as_of=2026-03-01T00:00:00Z&cursor=x.y', '/orders/as-of?as_of=2026-03-01T00:00:00Z&limit=101',
    '/orders/diff?from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z', '/orders/p1/diff?'])('refuses %s', async (path) => {
    expect((await service.call('GET', `${path}&token_id=${shop.tokenId}`)).body['code']).toBe('VALIDATION_FAILED');
  }); // prettier-ignore

  it('looks at so many orders for one page that an account of many new ones is answered in time, and goes on behind them', async () => {
    await read([form('zz')], neighbour);
    const at = await now();
    await rows(
      `insert into event_log.streams (account_id, order_id, version, tip_hash, recorded_at)
       select $1, 'new-' || lpad(n::text, 5, '0'), 1, '', now() from generate_series(1, 2100) n`,
      [neighbour.accountId],
    );
    const page = async (cursor: unknown) =>
      (await service.call('GET', `/orders/as-of?token_id=${neighbour.tokenId}&as_of=${at}&cursor=${String(cursor)}`, undefined, 'tenant-b')).body;
    const first = await page('');
    expect([first['orders'], first['next_cursor']]).toEqual([[], expect.any(String)]);
    const second = await page(first['next_cursor']);
    expect([(second['orders'] as Json[]).map((order) => order['id']), second['next_cursor']]).toEqual([['zz'], null]);
  });

  it('does not know an order that came later', async () => {
    expect((await service.call('GET', `/orders/p4/diff?token_id=${shop.tokenId}&from=${empty}&to=${before}`)).body['code']).toBe('ORDER_NOT_FOUND');
  });
});

describe('a plan', () => {
  it('says what would change, holds no value of it, and changes nothing', async () => {
    await read([form('a'), form('b')]);
    await flag('a', { has_invoice_created: true, invoice_id: 'FV/1' }, 'invoice-status');
    const good = await now();
    await read([form('a', { status: 'CANCELLED', buyer: { ...(inventedForm('a')['buyer'] as JsonObject), email: 'wrong@example.com' } })]);
    await flag('a', { has_invoice_created: false }, 'invoice-status');
    const before = await view('a');
    const made = await plan(good, ['A', 'b'], 'support');
    expect([made.status, made.body['status'], made.body['orders_to_restore'], made.body['left_out'], made.body['next_plan_cursor']]).toEqual([
      201,
      'open',
      1,
      [],
      null,
    ]);
    expect((made.body['orders'] as Json[])[0]).toMatchObject({ order_id: 'a', version: 4, restored_version: 2 });
    expect((made.body['orders'] as Json[])[0]?.['changes']).toEqual(
      expect.arrayContaining([
        { path: 'status', old: 'CANCELLED', new: 'READY_FOR_PROCESSING' },
        { path: 'buyer.email', old: 'wrong@example.com', new: 'buyer.of.a@example.com' },
        { path: 'technical_flags.invoice_id', old: null, new: 'FV/1' },
      ]),
    );
    expect(Date.parse(String(made.body['expires_at'])) - Date.parse(String(made.body['created_at']))).toBe(3_600_000);
    const stored = await rows<{ text: string }>(
      `select (select json_agg(p)::text from restore_plans p) || (select json_agg(o)::text from restore_plan_orders o) as text`,
    );
    expect(stored[0]?.text).not.toMatch(/example\.com|FV|CANCELLED/);
    expect(await view('a')).toEqual(before);
    const found = await staff('GET', `/restore-plans/${String(made.body['id'])}?token_id=${shop.tokenId}`, { role: 'support' });
    expect(found.body).toEqual(made.body);
    const { body: list } = await staff('GET', `/restore-plans?token_id=${shop.tokenId}&limit=1`);
    expect((list['plans'] as Json[]).map(({ id, hash }) => [id, hash])).toEqual([[made.body['id'], expect.stringMatching(/^[0-9a-f]{64}$/)]]);
  });

  it('is refused to nothing, for what is unknown, merged or the same, and for the future', async () => {
    const empty = await now();
    await read([form('born')]);
    const born = await now();
    expect((await plan(empty, ['a', 'born'])).body).toMatchObject({
      status: 409,
      code: 'RESTORE_REFUSED',
      orders: [{ order_id: 'born', reason: 'unknown_then' }],
    });
    expect((await plan(born, ['born'])).body).toMatchObject({ code: 'NOTHING_TO_RESTORE', next_cursor: null });
    expect((await plan(born, ['never-seen'])).body['code']).toBe('ORDER_NOT_FOUND');
    expect((await plan('2099-01-01T00:00:00Z')).body['code']).toBe('VALIDATION_FAILED');
    expect((await plan(born, [])).body['code']).toBe('VALIDATION_FAILED');
  });

  it('belongs to its account, support may make and read it, an operator alone applies it', async () => {
    const good = await now();
    await read([form('roles')]);
    const kept = await now();
    await read([form('roles', { status: 'CANCELLED' })]);
    expect((await plan(good)).body['code']).toBe('NOTHING_TO_RESTORE');
    const { body } = await plan(kept, ['roles'], 'support');
    expect((await apply(body['id'], 'support')).body['code']).toBe('OUT_OF_REACH');
    for (const path of ['/restore-plans', `/restore-plans/${String(body['id'])}`]) {
      expect((await service.call('GET', `${path}?token_id=${shop.tokenId}`)).body['code']).toBe('ROLE_TOO_LOW');
    }
    expect((await service.call('POST', '/restore-plans', { token_id: shop.tokenId, as_of: kept })).body['code']).toBe('ROLE_TOO_LOW');
    expect((await service.call('POST', `/restore-plans/${String(body['id'])}/apply?token_id=${shop.tokenId}`)).body['code']).toBe('ROLE_TOO_LOW');
    for (const [method, path] of [
      ['GET', ''],
      ['POST', '/apply'],
    ] as const) {
      const answer = await staff(method, `/restore-plans/${String(body['id'])}${path}?reason=ticket&token_id=${neighbour.tokenId}`, { of: neighbour });
      expect([path, answer.body['code']]).toEqual([path, 'RESTORE_PLAN_NOT_FOUND']);
    }
    expect((await staff('GET', `/restore-plans/x?token_id=${shop.tokenId}`)).body['code']).toBe('RESTORE_PLAN_NOT_FOUND');
    expect((await view('roles'))['status']).toBe('CANCELLED');
  });
});

describe('an applied plan', () => {
  let good: string;
  let planId: unknown;
  let wanted: Json;
  let bad: JsonObject;

  it('makes the order what it was, by new events that name the plan, and is in the audit trail', async () => {
    await read([form('r', { lineItems: [{ id: 'l-1', quantity: 2 }, { id: 'l-2', quantity: 1 }] })]); // prettier-ignore
    await flag('r', { has_invoice_created: true, invoice_id: 'FV/r' }, 'invoice-status');
    good = await now();
    wanted = await view('r');
    bad = form('r', { status: 'CANCELLED', lineItems: [{ id: 'l-1', quantity: 2 }] });
    await read([bad]);
    await flag('r', { has_invoice_created: true, invoice_id: 'FV/other' }, 'invoice-status');
    await flag('r', { is_stock_updated: true });
    const { body } = await plan(good, ['r']);
    planId = body['id'];
    const applied = await apply(planId);
    expect(applied.body).toMatchObject({ status: 'applied', applied_by: 'olga', hash: body['hash'], orders: body['orders'] });
    expect(content(await view('r'))).toEqual(content(wanted));
    expect(content(await view('r', `&as_of=${good}`))).toEqual(content(wanted));
    const timeline = (await service.call('GET', `/orders/r/timeline?token_id=${shop.tokenId}`)).body['events'] as Json[];
    const cause = { causation_id: `restore-plan:${String(planId)}`, actor: 'olga', source: 'service' };
    expect(timeline.slice(-3)).toMatchObject([
      { type: 'order.restored', ...cause, changes: expect.arrayContaining([{ path: 'status', old: 'CANCELLED', new: 'READY_FOR_PROCESSING' }]) },
      { type: 'flags.stock_set', ...cause, changes: [{ path: 'technical_flags.is_stock_updated', old: true, new: false }] },
      { type: 'flags.invoice_set', ...cause, changes: [{ path: 'technical_flags.invoice_id', old: 'FV/other', new: 'FV/r' }] },
    ]);
    const trail = await rows(`select actor, reason, subject from audit_entries where action = 'restore.apply' and tenant_id = 'tenant-a' order by id`);
    expect(trail.at(-1)).toEqual({ actor: 'olga', reason: 'a bad import', subject: { plan_id: planId, token_id: shop.tokenId } });
    const [told] = await rows<{ topics: string[]; changed: string[] }>(
      `select topics, changed from event_log.outbox where order_id = 'r' order by seq desc limit 1`,
    );
    expect([told?.topics, told?.changed]).toEqual([
      ['order.restored', 'order.updated', 'order.flags_changed'],
      expect.arrayContaining(['status', 'lineItems[l-2]']),
    ]);
    const [stored] = await rows<{ payload: JsonObject; sealed: Buffer | null }>(
      `select payload, sealed from event_log.order_events where type = 'order.restored' order by seq desc limit 1`,
    );
    expect(stored).toEqual({ payload: { plan_id: planId, as_of: good, version: 2 }, sealed: null });
  });

  it('is found by what the order is again: list, replay and chain agree', async () => {
    const listed = await service.call('GET', `/orders?token_id=${shop.tokenId}&invoice_id=FV/r`);
    expect((listed.body['orders'] as Json[]).map((order) => [order['id'], order['status']])).toEqual([['r', 'READY_FOR_PROCESSING']]);
    const replay = await service.call('POST', `/orders/r/replay?token_id=${shop.tokenId}`);
    expect(replay.body).toMatchObject({ differences: [], repaired: false });
    expect(await service.app.get(ChainVerifier).verify({ accountId: shop.accountId })).toMatchObject({ verified: true });
  });

  it('is applied once', async () => {
    const before = await view('r');
    expect([(await apply(planId)).status, (await apply(planId)).body['code']]).toEqual([409, 'RESTORE_PLAN_APPLIED']);
    expect(await view('r')).toEqual(before);
  });

  it('holds while Allegro answers the form it answered last, and gives way to one that differs', async () => {
    const held = await view('r');
    await read([bad]);
    expect(await view('r')).toEqual(held);
    await read([form('r', { status: 'READY_FOR_PROCESSING', fulfillment: { status: 'SENT' }, lineItems: [{ id: 'l-9', quantity: 1 }] })]);
    expect(await view('r')).toMatchObject({ lineItems: [{ id: 'l-9', quantity: 1 }], fulfillment: { status: 'SENT' } });
    expect((await service.call('POST', `/orders/r/replay?token_id=${shop.tokenId}`)).body).toMatchObject({ differences: [] });
  });

  it('is refused when an order moved, which it names, or when it expired', async () => {
    await read([form('m1'), form('m2')]);
    const at = await now();
    await read([form('m1', { status: 'CANCELLED' }), form('m2', { status: 'CANCELLED' })]);
    const { body } = await plan(at);
    expect(changesOf({ status: 0, body })).toEqual(expect.arrayContaining([['m1', ['status', 'updatedAt']], ['m2', ['status', 'updatedAt']]])); // prettier-ignore
    await service.app
      .get(OrderRecorder)
      .record({ accountId: shop.accountId, fence: null, actor: 'sync', journal: [journalReading(inventedEvent('e-m2', 'm2'))], forms: [] });
    expect((await apply(body['id'])).body).toMatchObject({ status: 409, code: 'RESTORE_PLAN_OUTDATED', orders: ['m2'] });
    expect([(await view('m1'))['status'], (await view('m2'))['status']]).toEqual(['CANCELLED', 'CANCELLED']);
    const { body: next } = await plan(at, ['m1', 'm2']);
    await rows(`update restore_plans set expires_at = now() where id = $1`, [next['id']]);
    expect((await apply(next['id'])).body['code']).toBe('RESTORE_PLAN_EXPIRED');
    expect((await staff('GET', `/restore-plans/${String(next['id'])}?token_id=${shop.tokenId}`)).body['status']).toBe('expired');
  });

  it('gives invoice ids back even where two orders exchanged theirs, and is refused where another order has one now', async () => {
    const invoice = (id: string, invoiceId: string | null) => flag(id, { has_invoice_created: invoiceId !== null, invoice_id: invoiceId }, 'invoice-status');
    await read([form('x1'), form('x2'), form('x3')]);
    await invoice('x1', 'FV/x1');
    await invoice('x2', 'FV/x2');
    const at = await now();
    await invoice('x1', null);
    await invoice('x2', 'FV/x1');
    await invoice('x1', 'FV/x2');
    const { body } = await plan(at, ['x1', 'x2']);
    expect((await apply(body['id'])).status).toBe(200);
    expect([(await view('x1'))['technical_flags'], (await view('x2'))['technical_flags']]).toMatchObject([{ invoice_id: 'FV/x1' }, { invoice_id: 'FV/x2' }]);
    await invoice('x1', null);
    await invoice('x3', 'FV/x1');
    const { body: taken } = await plan(at, ['x1']);
    expect((await apply(taken['id'])).body).toMatchObject({ status: 409, code: 'INVOICE_ID_TAKEN' });
    expect((await view('x1'))['technical_flags']).toMatchObject({ invoice_id: null });
    expect((await staff('GET', `/restore-plans/${String(taken['id'])}?token_id=${shop.tokenId}`)).body['status']).toBe('open');
  });
});
