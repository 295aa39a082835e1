import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { Random } from '../../sandbox/random.js';
import type { JsonObject } from '../../src/core/json.js';
import { AccountStreams } from '../../src/orders/account-streams.read-model.js';
import { OrderRecorder } from '../../src/orders/order-recorder.service.js';
import { OrderReplay } from '../../src/orders/order-replay.service.js';
import { OrderRestoring } from '../../src/orders/order-restoring.service.js';
import { Database } from '../../src/platform/database/database.js';
import { ChainVerifier } from '../../src/platform/event-log/chain-verifier.js';
import { bearer, tokenOf } from '../support/access-tokens.js';
import { formReading, inventedForm } from '../support/invented-orders.js';
import { completeSync } from '../support/run-sync.js';
import { type Json, Service } from '../support/service.js';
import { type TokenWorld, tokenWorld } from '../support/token-app.js';

interface Shop {
  readonly tenant: string;
  readonly tokenId: string;
  readonly accountId: string;
}

// A power cut is told with its cause, which is long.
jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);

let world: TokenWorld;
let service: Service;

beforeAll(async () => {
  world = await tokenWorld({ orders: 12, seed: 5, sellers: 2, sessionsPerSeller: 100 });
  service = await Service.start(world);
});

afterAll(async () => {
  await service.stop();
  await world.release();
});

const rows = async <Row extends object>(sql: string, values: unknown[] = []): Promise<Row[]> => (await world.owner.query<Row>(sql, values)).rows;
const shop = async (tenant: string): Promise<Shop> => ({ tenant, ...(await service.connect('shop', undefined, tenant)) });

async function operator(method: 'GET' | 'POST', path: string, { tenant, tokenId }: Shop, body?: Json, by = service): Promise<{ status: number; body: Json }> {
  const query = `user_id=${tenant}&reason=ticket-1${body === undefined ? `&token_id=${tokenId}` : ''}`;
  const headers = { ...bearer(tokenOf('staff', { roles: ['operator'], sub: 'olga' })), 'content-type': 'application/json' };
  const url = `/api/v1${path}${path.includes('?') ? '&' : '?'}${query}`;
  const answer = await by.app.inject(
    body === undefined ? { method, url, headers } : { method, url, headers, payload: JSON.stringify({ token_id: tokenId, ...body }) },
  );
  return { status: answer.statusCode, body: answer.json<Json>() };
}

const plan = (of: Shop, asOf: string, more: Json = {}) => operator('POST', '/restore-plans', of, { as_of: asOf, ...more });
const apply = (of: Shop, id: unknown, by = service) => operator('POST', `/restore-plans/${String(id)}/apply`, of, undefined, by);
const record = (of: Shop, forms: readonly JsonObject[], at: Date) =>
  service.app
    .get(OrderRecorder)
    .record({ accountId: of.accountId, fence: null, actor: 'sync', journal: [], forms: forms.map((form) => formReading(form, at.toISOString())) });

/** An instant between what was recorded before and what is recorded after. */
async function now(): Promise<string> {
  const [row] = await rows<{ at: Date }>('select clock_timestamp() as at from pg_sleep(0.003)');
  await rows('select pg_sleep(0.003)');
  return row?.at.toISOString() ?? '';
}

/** What lists say of every order, without our own times and versions. */
async function listed({ tenant, tokenId }: Shop, asOf?: string): Promise<Map<unknown, JsonObject>> {
  const found = new Map<unknown, JsonObject>();
  let cursor: unknown = '';
  while (cursor !== null) {
    const path = asOf === undefined ? '/orders?' : `/orders/as-of?as_of=${asOf}&`;
    const { body } = await service.call('GET', `${path}token_id=${tokenId}&limit=100&cursor=${String(cursor)}`, undefined, tenant);
    for (const order of body['orders'] as JsonObject[]) {
      const { version: _v, kept: _k, db_created_at: _c, db_updated_at: _u, ...content } = order;
      found.set(order['id'], content);
    }
    cursor = body['next_cursor'];
  }
  return found;
}

const eventsOf = ({ accountId }: Shop, type: string) =>
  rows<{ order_id: string }>('select order_id from event_log.order_events where account_id = $1 and type = $2 order by 1', [accountId, type]);

describe('an account of random histories', () => {
  const START = Date.parse('2026-03-01T09:00:00.000Z');
  const NAMES = ['Ala', 'Ola', ''];
  const STATUSES = ['BOUGHT', 'READY_FOR_PROCESSING', 'CANCELLED'];
  let random: Random;
  const pick = (list: readonly string[]) => list[random.integer(0, list.length - 1)] ?? '';

  function formOf(id: string, step: number): JsonObject {
    const buyer = random.chance(0.3) ? null : { ...(inventedForm(id)['buyer'] as JsonObject), firstName: pick(NAMES) };
    const lineItems = Array.from({ length: random.integer(0, 3) }, (_, index) => ({ id: `${id}-${String(index)}`, quantity: random.integer(1, 3) }));
    const updatedAt = new Date(START + random.integer(0, 30) * 60_000).toISOString();
    return inventedForm(id, { buyer, lineItems, updatedAt, status: pick(STATUSES), note: random.chance(0.5) ? { text: String(step) } : null });
  }

  async function live(of: Shop, ids: readonly string[], rounds: number, from: number): Promise<void> {
    for (let step = from; step < from + rounds; step += 1) {
      await record(of, ids.filter(() => random.chance(0.6)).map((id) => formOf(id, step)), new Date(START + step * 60_000)); // prettier-ignore
      for (const id of ids.filter(() => random.chance(0.15))) {
        const [kind, body]: [string, Json] = random.chance(0.5) ? ['stock-status', { is_stock_updated: random.chance(0.5) }] : ['invoice-status', { has_invoice_created: true, invoice_id: `FV/${id}/${String(step)}` }]; // prettier-ignore
        await service.call('PATCH', `/orders/${id}/${kind}?token_id=${of.tokenId}`, body, of.tenant);
      }
    }
  }

  it('is put back to an instant as a copy made at that instant, again and again, and its past does not move', async () => {
    random = new Random('histories');
    const account = await shop('histories');
    const ids = Array.from({ length: 25 }, (_, index) => `h${String(index).padStart(2, '0')}`);
    const late = ['late-1', 'late-2'];
    const copies = new Map<string, Map<unknown, JsonObject>>();
    for (let turn = 0; turn < 3; turn += 1) {
      await live(account, turn === 0 ? ids : [...ids, ...late], 3, turn * 3);
      copies.set(await now(), await listed(account));
    }
    for (const [at, copy] of [...copies].slice(0, 2).reverse()) {
      const before = await listed(account);
      const { body } = await plan(account, at);
      expect((await apply(account, body['id'])).status).toBe(200);
      const after = await listed(account);
      const bornLater = [...before].filter(([id]) => !copy.has(id));
      expect(after).toEqual(new Map([...copy, ...bornLater]));
      for (const [instant, copied] of copies) expect(await listed(account, instant)).toEqual(copied);
    }
    for (const id of ids) expect(await service.app.get(OrderReplay).rebuild(account.accountId, id)).toMatchObject({ differences: [] });
    expect(await service.app.get(ChainVerifier).verify({ accountId: account.accountId })).toMatchObject({ verified: true });
  });
});

describe('an application', () => {
  const AT = new Date('2026-03-01T09:10:00.000Z');
  const LATER = new Date('2026-03-01T09:20:00.000Z');

  async function spoilt(tenant: string, ids: readonly string[], form = inventedForm): Promise<{ account: Shop; good: string }> {
    const account = await shop(tenant);
    const spoil = (id: string) => form(id, { status: 'CANCELLED', revision: 'r2' });
    await record(account, ids.map((id) => form(id)), AT); // prettier-ignore
    const good = await now();
    await record(account, ids.map(spoil), LATER);
    return { account, good };
  }

  const statuses = async ({ accountId }: Shop) =>
    new Set((await rows<{ status: string }>('select distinct status from orders where account_id = $1', [accountId])).map(({ status }) => status));

  it.each([
    ['the plan is marked', 'restore_plans', 'update'],
    ['the events are written', 'event_log.order_events', 'insert'],
    ['the orders are projected', 'order_documents', 'update'],
  ])('that dies when %s leaves everything as it was, and is done once when it is asked for again', async (_when, table, action) => {
    const { account, good } = await spoilt(`dies-${action}-${table}`, ['c1', 'c2']);
    const { body } = await plan(account, good);
    await rows(`create or replace function die() returns trigger language plpgsql as $$ begin raise exception 'the power is out'; end $$`);
    await rows('set event_log.maintenance = on');
    await rows(`create trigger die after ${action} on ${table} for each row execute function die()`);
    const [died] = await Promise.allSettled([apply(account, body['id'])]);
    await rows(`drop trigger die on ${table}`);
    expect(died).toMatchObject({ status: 'fulfilled', value: { status: 500 } });
    expect([await statuses(account), await eventsOf(account, 'order.restored')]).toEqual([new Set(['CANCELLED']), []]);
    expect((await operator('GET', `/restore-plans/${String(body['id'])}`, account)).body['status']).toBe('open');
    expect((await apply(account, body['id'])).body['status']).toBe('applied');
    expect((await apply(account, body['id'])).body['code']).toBe('RESTORE_PLAN_APPLIED');
    expect(await eventsOf(account, 'order.restored')).toEqual([{ order_id: 'c1' }, { order_id: 'c2' }]);
    expect(await statuses(account)).toEqual(new Set(['READY_FOR_PROCESSING']));
  });

  it('asked for by several at once through two processes is done once', async () => {
    const { account, good } = await spoilt('at-once', ['c1', 'c2', 'c3']);
    const { body } = await plan(account, good);
    const other = await Service.start(world);
    const answers = await Promise.all([service, other, service, other].map((by) => apply(account, body['id'], by)));
    await other.stop();
    expect(answers.map(({ status, body: answer }) => [status, answer['code']]).sort()).toEqual([
      [200, undefined],
      ...Array.from({ length: 3 }, () => [409, 'RESTORE_PLAN_APPLIED']),
    ]);
    expect(await eventsOf(account, 'order.restored')).toHaveLength(3);
  });

  it('of a large account takes several plans, one after the other', async () => {
    const ids = Array.from({ length: 620 }, (_, index) => `n${String(index).padStart(3, '0')}`);
    const { account, good } = await spoilt('large', ids, (id, changes = {}) => ({ id, status: 'READY_FOR_PROCESSING', ...changes }));
    const { body: first } = await plan(account, good);
    const { body: second } = await plan(account, good, { cursor: first['next_plan_cursor'] });
    expect([first, second].map((made) => [made['orders_to_restore'], made['next_plan_cursor'] !== null])).toEqual([[500, true], [120, false]]); // prettier-ignore
    const page = await operator('GET', `/restore-plans/${String(first['id'])}?limit=50&cursor=${encodeURIComponent(String(first['next_cursor']))}`, account);
    expect((page.body['orders'] as Json[]).map((order) => order['order_id'])).toEqual(ids.slice(20, 70));
    for (const made of [second, first]) expect((await apply(account, made['id'])).status).toBe(200);
    expect(await statuses(account)).toEqual(new Set(['READY_FOR_PROCESSING']));
    expect((await plan(account, good)).body['code']).toBe('NOTHING_TO_RESTORE');
  });

  it('brings nothing back of a buyer whose key was destroyed', async () => {
    const { account, good } = await spoilt('erased', ['e1']);
    const changed = inventedForm('e1', { buyer: { ...(inventedForm('e1')['buyer'] as JsonObject), email: 'second@example.com' }, status: 'CANCELLED' });
    await record(account, [changed], new Date('2026-03-01T09:30:00.000Z'));
    await rows(`update vault.order_keys set wrapped_key = null, destroyed_at = now() where account_id = $1`, [account.accountId]);
    await service.call('POST', `/orders/e1/replay?token_id=${account.tokenId}`, undefined, account.tenant);
    const { body } = await plan(account, good);
    const applied = await apply(account, body['id']);
    const [order] = (await listed(account)).values();
    expect(order).toMatchObject({ status: 'READY_FOR_PROCESSING', buyer: '[erased]', delivery: { address: '[erased]', pickupPoint: { id: 'PNT01' } } });
    const stored = await rows<{ text: string }>(
      `select string_agg(e::text, '') || (select string_agg(d::text, '') from order_documents d where account_id = $1) || (select string_agg(s::text, '') from order_search s where account_id = $1)
         || (select string_agg(r::text, '') from restore_plan_orders r) as text from event_log.order_events e where account_id = $1`,
      [account.accountId],
    );
    for (const text of [stored[0]?.text, JSON.stringify([body, applied.body])]) expect(text).not.toMatch(/example\.com|Halina|Zmyślona/);
  });
});

describe('a buyer erased while their order is put back', () => {
  it('stays erased: what was read before is not written after', async () => {
    const account = await shop('erased-between');
    await record(account, [inventedForm('b1')], new Date('2026-03-01T09:10:00.000Z'));
    await record(account, [inventedForm('b1', { status: 'CANCELLED', revision: 'r2' })], new Date('2026-03-01T09:20:00.000Z'));
    const [restoring, streams] = [service.app.get(OrderRestoring), service.app.get(AccountStreams)];
    const targets = [...(await streams.heads(account.accountId, ['b1'])).values()].map((head) => ({ ...head, restoredVersion: 1 }));
    const restores = await restoring.prepare(account.accountId, targets);
    expect(JSON.stringify(restores)).toContain('buyer.of.b1@example.com');
    await rows(`update vault.order_keys set wrapped_key = null, destroyed_at = now() where account_id = $1`, [account.accountId]);
    await service.app.get(Database).transaction(async (tx) => {
      const heads = await restoring.load(tx, account.accountId, restores);
      await restoring.append(tx, account.accountId, restores, { heads, origin: { planId: 'p', asOf: new Date(), actor: 'olga', at: new Date() } });
    });
    const [order] = (await listed(account)).values();
    expect(order).toMatchObject({ status: 'READY_FOR_PROCESSING', buyer: '[erased]' });
  });
});

describe('orders put back beside a running sync', () => {
  let account: Shop;
  const order = async (id: unknown) =>
    (await service.call('GET', `/orders/${String(id)}?token_id=${account.tokenId}`, undefined, account.tenant)).body['order'] as Json;
  const refresh = async (id: unknown) => (await service.call('POST', `/orders/${String(id)}/sync?token_id=${account.tokenId}`, {}, account.tenant)).body;
  const lines = (of: Json) => (of['lineItems'] as unknown[]).length;

  async function sync(syncType: 'incremental' | 'full' = 'incremental'): Promise<void> {
    world.sandbox.advanceClock(60_000);
    const { tenant: tenantId, ...ids } = account;
    await completeSync(service, { ...ids, tenantId, syncType });
  }

  beforeAll(async () => {
    account = await shop('synced');
    await sync();
  });

  it('stay so while Allegro answers what it answered last: nothing is held, nothing paused, until it answers something new', async () => {
    const [seller] = world.sandbox.sellers();
    const known = world.sandbox.orders(seller?.id).find((form) => (form['lineItems'] as unknown[]).length > 1 && form['status'] !== 'CANCELLED');
    const id = known?.['id'];
    const good = await now();
    const whole = lines(await order(id));
    world.sandbox.corrupt({ kind: 'lines', seller: seller?.id ?? '' });
    expect((await refresh(id))['code']).toBe('FORM_HELD');
    const [item] = (await operator('GET', '/quarantine', account)).body['items'] as Json[];
    await operator('POST', `/quarantine/${String(item?.['id'])}/release`, account);
    expect(lines(await order(id))).toBeLessThan(whole);
    const { body } = await plan(account, good, { order_ids: [id] });
    await apply(account, body['id']);
    const restored = await order(id);
    expect(lines(restored)).toBe(whole);
    expect(await refresh(id)).toMatchObject({ action: 'skipped' });
    expect(await order(id)).toEqual(restored);
    world.sandbox.corrupt({ kind: null, seller: seller?.id ?? '' });
    expect(await refresh(id)).toMatchObject({ action: 'updated' });
    expect(lines(await order(id))).toBe(whole);
  });

  it('of which many were cancelled meanwhile are not taken for a wave of cancellations when they are read again', async () => {
    const ids = world.sandbox.createOrders({ count: 24, status: 'READY_FOR_PROCESSING' });
    await sync();
    const good = await now();
    for (let start = 0; start < ids.length; start += 8) {
      for (const id of ids.slice(start, start + 8)) world.sandbox.change(id, { kind: 'cancel' });
      await sync();
      await rows('delete from sync_judgements');
    }
    const { body } = await plan(account, good, { order_ids: ids });
    expect((await apply(account, body['id'])).status).toBe(200);
    const restored = await Promise.all(ids.map(order));
    expect(new Set(restored.map((one) => one['status']))).toEqual(new Set(['READY_FOR_PROCESSING']));
    await sync('full');
    expect(await Promise.all(ids.map(order))).toEqual(restored);
    expect((await operator('GET', '/sync/pauses?open_only=true', account)).body).toEqual([]);
  });

  it('that were replaced by another one stay replaced', async () => {
    const [first = '', second = ''] = world.sandbox.createOrders({ count: 2, kind: 'cod' });
    await sync();
    const good = await now();
    const successor = world.sandbox.change(first, { kind: 'merge', with: second });
    await sync();
    await service.call('PATCH', `/orders/${first}/stock-status?token_id=${account.tokenId}`, { is_stock_updated: true }, account.tenant);
    expect(await order(first)).toMatchObject({ merged_into: successor });
    expect((await plan(account, good, { order_ids: [first] })).body).toMatchObject({
      code: 'RESTORE_REFUSED',
      orders: [{ order_id: first, reason: 'merged' }],
    });
    const { body } = await operator('GET', `/orders/${first}/diff?from=${good}`, account);
    expect(body['changes']).toContainEqual({ path: 'merged_into', old: null, new: successor });
  });
});
