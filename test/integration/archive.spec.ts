import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Sealing } from '../../src/data-protection/sealing.service.js';
import { Erasing } from '../../src/erasure/erasing.service.js';
import { ErasureCleaning } from '../../src/erasure/erasure-cleaning.service.js';
import { ChainVerifier } from '../../src/platform/event-log/chain-verifier.js';
import { ArchiveWorld } from '../support/archive-world.js';
import { eventually } from '../support/eventually.js';
import { completeSync } from '../support/run-sync.js';
import { type Json, Service } from '../support/service.js';

interface Shop {
  readonly service: Service;
  readonly tenant: string;
  readonly tokenId: string;
  readonly accountId: string;
}

const ORDERS = 20;

let world: ArchiveWorld;
let here: Shop;
let there: Shop;
let path: string;
let erased: string;
let erasedEmail: string;
let kept: string;
let keptEmail: string;
let waybill: string;
/** Sent, and its parcels were not read. */
let unread: string;
const instants: string[] = [];

const get = (of: Shop, route: string) => of.service.call('GET', `${route}${route.includes('?') ? '&' : '?'}token_id=${of.tokenId}`, undefined, of.tenant);
async function ask(of: Shop, route: string): Promise<Json> {
  const { status, body } = await get(of, route);
  expect({ route, status }).toEqual({ route, status: 200 });
  return body;
}

async function sync({ service, tenant, tokenId, accountId }: Shop) {
  return (await completeSync(service, { tokenId, accountId, tenantId: tenant })).tally;
}

/** Every page of a list, as it is answered. */
async function pages(of: Shop, route: string, member: string): Promise<Json[]> {
  const found: Json[] = [];
  let cursor: unknown = '';
  while (cursor !== null && cursor !== undefined) {
    const body = await ask(of, `${route}${route.includes('?') ? '&' : '?'}limit=50&cursor=${String(cursor)}`);
    found.push(...(body[member] as Json[]));
    cursor = body['next_cursor'] ?? (body['pagination'] as Json | undefined)?.['next_cursor'];
  }
  return found;
}

/** Which of equal buyers are named goes by references under the pepper, which is another one there. */
function withoutTies(statistics: Json): Json {
  return JSON.parse(JSON.stringify(statistics), (name, value: unknown) =>
    name === 'top_buyers' ? (value as Json[]).map(({ orders_count: orders }) => orders) : value,
  ) as Json;
}

/** All an installation says of an account, without what names the installation. */
async function told(of: Shop): Promise<Json> {
  const orders = await pages(of, '/orders', 'orders');
  const ids = orders.map(({ id }) => String(id));
  const each = async (route: (id: string) => string) => Object.fromEntries(await Promise.all(ids.map(async (id) => [id, await ask(of, route(id))] as const)));
  const told = {
    orders,
    asOf: Object.fromEntries(await Promise.all(instants.map(async (at) => [at, await pages(of, `/orders/as-of?as_of=${at}`, 'orders')] as const))),
    order: await each((id) => `/orders/${id}`),
    timeline: await each((id) => `/orders/${id}/timeline`),
    flags: await each((id) => `/orders/${id}/technical-flags/history`),
    summary: await ask(of, '/orders/technical-flags/summary'),
    statistics: withoutTies(await ask(of, '/orders/statistics')),
    found: await Promise.all(['kowalski', erasedEmail, keptEmail, waybill].map((query) => ask(of, `/orders/search?query=${encodeURIComponent(query)}`))),
    events: await ask(of, '/orders/events?limit=100'),
  };
  const text = JSON.stringify(told).replaceAll(of.tokenId, 'TOKEN').replaceAll(of.tenant, 'TENANT');
  return JSON.parse(text, (name, value: unknown) => (/cursor|total_as_of|generated_at|checked_at/.test(name) ? null : value)) as Json;
}

/** Orders that hold what was looked for; what is only alike is found by nearly every word. */
function found(answer: Json): unknown[] {
  const isAlike = (answer['filters'] as Json)['search_type'] === 'similar';
  return isAlike ? [] : (answer['orders'] as Json[]).map(({ id }) => id);
}

async function now(): Promise<void> {
  const { rows } = await world.here.owner.query<{ at: Date }>('select clock_timestamp() as at from pg_sleep(0.003)');
  instants.push(rows[0]?.at.toISOString() ?? '');
  await world.here.owner.query('select pg_sleep(0.003)');
}

/** A life: history, payments, a merge, flags, a buyer who was erased and an order that went on afterwards. */
async function live(): Promise<void> {
  const { sandbox } = world.here;
  await sync(here);
  await now();
  const [first = '', second = '', third = '', fourth = '', fifth = ''] = sandbox.createOrders({ count: 5, kind: 'cod' });
  sandbox.advanceClock(60_000);
  await sync(here);
  for (const id of [first, second]) await here.service.call('PATCH', `/orders/${id}/stock-status?token_id=${here.tokenId}`, { is_stock_updated: true });
  const invoice = { has_invoice_created: true, invoice_id: 'FV/1' };
  await here.service.call('PATCH', `/orders/${first}/invoice-status?token_id=${here.tokenId}`, invoice);
  await now();
  sandbox.change(first, { kind: 'merge', with: second });
  sandbox.advanceClock(60_000);
  await sync(here);
  [erased, kept] = [third, fourth];
  const emailOf = (orderId: string) => String((sandbox.orders().find(({ id }) => id === orderId) as { buyer?: Json } | undefined)?.buyer?.['email']);
  [erasedEmail, keptEmail] = [emailOf(third), emailOf(fourth)];
  const account = { accountId: here.accountId, tokenId: here.tokenId, tenantId: here.tenant, allegroUserId: '' };
  const erasure = await here.service.app
    .get(Erasing, { strict: false })
    .erase(account, { orderIds: [third], named: null, references: [] }, { actor: 'olga', reason: 'ticket 12' });
  await here.service.app.get(ErasureCleaning, { strict: false }).clean(erasure);
  await now();
  for (const id of [third, fourth]) {
    sandbox.change(id, { kind: 'pay' });
    sandbox.change(id, { kind: 'fulfil', status: 'SENT' });
  }
  sandbox.advanceClock(60_000);
  await sync(here);
  const { order } = await ask(here, `/orders/${kept}`);
  waybill = String(((order as Json)['shipments'] as Json[])[0]?.['waybill']);
  unread = fifth;
  sandbox.change(unread, { kind: 'pay' });
  sandbox.change(unread, { kind: 'fulfil', status: 'SENT' });
  sandbox.advanceClock(60_000);
  const asksForNoParcels = await Service.start(world.here);
  await sync({ ...here, service: asksForNoParcels });
  await asksForNoParcels.stop();
  await now();
  await eventually('the log is sealed', async () => {
    await here.service.app.get(Sealing, { strict: false }).sealAll();
    const { rows } = await world.here.owner.query<{ open: number }>(
      `select count(*)::int as open from event_log.order_events where (epoch, xid, seq) > (select to_epoch, to_xid, to_seq from event_log.seals order by number desc limit 1)`,
    );
    return rows[0]?.open === 0;
  });
}

beforeAll(async () => {
  world = await ArchiveWorld.open(ORDERS);
  const service = await Service.start(world.here, { env: { SHIPMENTS_PER_RUN: '50' } });
  here = { service, tenant: 'tenant-a', ...(await service.connect()) };
  await live();
}, 60_000);

afterAll(async () => {
  await here.service.stop();
  await there?.service.stop();
  await world.close();
});

describe('an account that moves to another installation', () => {
  it('is archived and found whole, with its seals and what was erased', async () => {
    const written = await world.archive(here.accountId, 'whole.ndjson');
    path = written.path;
    expect(written.report).toMatchObject({ verified: true, flaws: [], signed: true, erasures: 1, destroyedKeys: expect.any(Number) });
    expect(written.report.sealedEvents).toBe(written.report.events);
  }, 60_000);

  it('is the same there to whoever asks: orders, past, flags, statistics, search', async () => {
    const report = await world.import(path);
    const service = await Service.start(world.there);
    const linked = await service.connect('shop', undefined, 'tenant-b');
    there = { service, tenant: 'tenant-b', ...linked };
    expect(linked.accountId).toBe(report.accountId);
    expect(linked.accountId).not.toBe(here.accountId);
    const same = await told(there);
    expect(same).toEqual(await told(here));
    expect(same['orders']).toHaveLength(ORDERS + 4);
    const [, ofErased, ofKept, ofParcel] = (same['found'] as Json[]).map(found);
    expect([ofErased, ofKept, ofParcel]).toEqual([[], [kept], [kept]]);
    expect((await world.there.owner.query('select order_id, has_been_read from owed_shipments')).rows).toEqual([{ order_id: unread, has_been_read: false }]);
    expect(await service.app.get(ChainVerifier).verify({ accountId: linked.accountId })).toMatchObject({ verified: true });
  }, 60_000);

  it('is synced there without anything doubled, and goes on', async () => {
    const events = async () =>
      (await world.there.owner.query<Json>(`select order_id, version, dedup_key from event_log.order_events where order_id <> '' order by 1, 2`)).rows;
    const before = await events();
    await sync(there);
    expect(await events()).toEqual(before);
    world.here.sandbox.change(erased, { kind: 'fulfil', status: 'PICKED_UP' });
    world.here.sandbox.advanceClock(60_000);
    const tally = await sync(there);
    expect([...tally.updated]).toEqual([erased]);
    expect(await ask(there, `/orders/${erased}`)).toMatchObject({ order: { buyer: '[erased]', fulfillment: { status: 'PICKED_UP' } } });
    expect(await there.service.app.get(ChainVerifier).verify({ accountId: there.accountId })).toMatchObject({ verified: true });
  }, 60_000);
});
