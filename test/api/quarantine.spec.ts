import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { JsonObject } from '../../src/core/json.js';
import { OrderReplay } from '../../src/orders/order-replay.service.js';
import { ChainVerifier } from '../../src/platform/event-log/chain-verifier.js';
import { bearer, tokenOf } from '../support/access-tokens.js';
import { type EndedSync, runSync } from '../support/run-sync.js';
import { type Json, Service } from '../support/service.js';
import { type TokenWorld, tokenWorld } from '../support/token-app.js';

const ORDERS = 60;

interface Shop {
  readonly tenant: string;
  readonly tokenId: string;
  readonly accountId: string;
}

let world: TokenWorld;
let service: Service;
let seller: string;
let neighbour: Shop;
const alerts = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);

beforeAll(async () => {
  world = await tokenWorld({ orders: ORDERS, seed: 31, sellers: 2, sessionsPerSeller: 1_000 });
  service = await Service.start(world);
  seller = world.sandbox.sellers()[0]?.id ?? '';
  neighbour = await shop('neighbour', world.sandbox.sellers()[1]?.id);
});

afterAll(async () => {
  await service.stop();
  await world.release();
});

/** An account of its own over the same seller, its history imported. */
async function shop(tenant: string, of = seller): Promise<Shop> {
  const account = { tenant, ...(await service.connect('shop', of, tenant)) };
  expect((await sync(account)).end.status).toBe('COMPLETED');
  return account;
}

const sync = ({ tenant, ...account }: Shop, syncType: 'incremental' | 'full' = 'incremental'): Promise<EndedSync> =>
  runSync(service, { ...account, tenantId: tenant, syncType });

async function operator(
  method: 'GET' | 'POST',
  path: string,
  { tenant, roles = ['operator'] }: Shop & { roles?: string[] },
  body?: Json,
): Promise<{ status: number; body: Json }> {
  const headers = { ...bearer(tokenOf('staff', { roles, sub: 'olga' })), 'content-type': 'application/json' };
  const url = `/api/v1${path}${path.includes('?') ? '&' : '?'}user_id=${tenant}`;
  const answer = await service.app.inject(body === undefined ? { method, url, headers } : { method, url, headers, payload: JSON.stringify(body) });
  return { status: answer.statusCode, body: answer.json<Json>() };
}

const rows = async <Row extends object>(sql: string, values: unknown[] = []): Promise<Row[]> => (await world.owner.query<Row>(sql, values)).rows;

async function documents({ accountId }: Shop): Promise<Map<string, JsonObject>> {
  const held = await rows<{ order_id: string; document: JsonObject }>(
    'select o.order_id, d.document from orders o join order_documents d using (stream_id) where o.account_id = $1 order by 1',
    [accountId],
  );
  return new Map(held.map((row) => [row.order_id, row.document]));
}

const items = async (account: Shop, filter = '') =>
  (await operator('GET', `/quarantine?token_id=${account.tokenId}${filter}`, account)).body as { items: Json[]; total: number };
const pauses = async (account: Shop) => (await operator('GET', `/sync/pauses?token_id=${account.tokenId}&open_only=true`, account)).body as unknown as Json[];
const pauseAlerts = ({ accountId }: Shop) => alerts.mock.calls.filter(([message]) => String(message).includes(`the sync of account ${accountId} is paused`));
const allTruth = () => new Map(world.sandbox.orders(seller).map((order) => [order['id'] as string, order]));

describe.each(['buyers', 'totals', 'lines', 'foreign'] as const)('a listing with %s corrupted', (kind) => {
  let account: Shop;

  it('changes no order, pauses the account with one alert, and leaves another account alone', async () => {
    account = await shop(`listing-${kind}`);
    const before = await documents(account);
    world.sandbox.corrupt({ kind, seller });
    const { end } = await sync(account, 'full');
    expect([end.status, end.error]).toEqual(['FAILED', expect.stringContaining('SYNC_PAUSED')]);
    expect(await documents(account)).toEqual(before);
    expect(await sync(account, 'full')).toMatchObject({ end: { status: 'FAILED' } });
    expect(await documents(account)).toEqual(before);
    expect(pauseAlerts(account)).toHaveLength(1);
    expect(await pauses(account)).toEqual([expect.objectContaining({ token_id: account.tokenId, resumed_at: null, waiting: ORDERS })]);
    expect(await rows(`select topics from event_log.outbox where account_id = $1 and topics && '{sync.paused}'`, [account.accountId])).toHaveLength(1);
    const [fresh = ''] = world.sandbox.createOrders({ seller: world.sandbox.sellers()[1]?.id ?? '', status: 'READY_FOR_PROCESSING' });
    world.sandbox.advanceClock(60_000);
    expect((await sync(neighbour)).tally.created.has(fresh)).toBe(true);
    world.sandbox.corrupt({ kind: null, seller });
  });

  it('goes on as Allegro really is once an operator resumes it', async () => {
    expect((await operator('POST', '/sync/resume', account, { token_id: account.tokenId })).status).toBe(200);
    expect((await operator('POST', '/sync/resume', account, { token_id: account.tokenId })).body['code']).toBe('SYNC_NOT_PAUSED');
    expect((await sync(account, 'full')).end.status).toBe('COMPLETED');
    expect([...(await documents(account)).keys()].sort()).toEqual([...allTruth().keys()].sort());
    expect(await pauses(account)).toEqual([]);
    const superseded = (await items(account, '&status=superseded')).total;
    expect(superseded).toBe(kind === 'foreign' ? 0 : ORDERS);
  });
});

describe('a journal whose forms are corrupted', () => {
  it('captures the events, owes their orders, and loses none of them', async () => {
    const account = await shop('journal');
    const ids = world.sandbox.createOrders({ seller, count: 8, status: 'FILLED_IN' });
    world.sandbox.advanceClock(60_000);
    await sync(account);
    const before = await documents(account);
    world.sandbox.corrupt({ kind: 'buyers', seller });
    for (const id of ids) world.sandbox.change(id, { kind: 'pay' });
    world.sandbox.advanceClock(60_000);
    expect((await sync(account)).end.status).toBe('COMPLETED');
    expect(await documents(account)).toEqual(before);
    expect(pauseAlerts(account)).toHaveLength(1);
    const [later = ''] = world.sandbox.createOrders({ seller });
    world.sandbox.advanceClock(60_000);
    await sync(account);
    const owed = await rows<{ order_id: string; reason: string }>('select order_id, reason from owed_forms where account_id = $1', [account.accountId]);
    expect(new Set(owed.map(({ order_id: id }) => id))).toEqual(new Set([...ids, later]));
    expect(new Set(owed.map(({ reason }) => reason))).toEqual(new Set(['dirty']));
    expect((await service.call('POST', `/orders/${later}/sync?token_id=${account.tokenId}`, {}, account.tenant)).body['code']).toBe('SYNC_PAUSED');
    world.sandbox.corrupt({ kind: null, seller });
    await operator('POST', '/sync/resume', account, { token_id: account.tokenId });
    await sync(account);
    const after = await documents(account);
    expect(ids.map((id) => after.get(id)?.['status'])).toEqual(ids.map(() => 'READY_FOR_PROCESSING'));
    expect(after.has(later)).toBe(true);
    expect(await rows('select order_id from owed_forms where account_id = $1', [account.accountId])).toEqual([]);
  });

  it('of another seller is held event by event and pauses the account', async () => {
    const account = await shop('foreign-journal');
    world.sandbox.corrupt({ kind: 'foreign', seller });
    const ids = world.sandbox.createOrders({ seller, count: 5, status: 'READY_FOR_PROCESSING' });
    world.sandbox.advanceClock(60_000);
    const before = await documents(account);
    await sync(account);
    world.sandbox.corrupt({ kind: null, seller });
    expect(await documents(account)).toEqual(before);
    expect(await pauses(account)).toHaveLength(1);
    const { items: held } = await items(account);
    expect(new Set(held.map((item) => item['kind']))).toEqual(new Set(['event']));
    await operator('POST', '/sync/resume', account, { token_id: account.tokenId });
    await world.owner.query('update owed_forms set next_try_at = now() where account_id = $1', [account.accountId]);
    await sync(account);
    const after = await documents(account);
    expect(ids.filter((id) => !after.has(id))).toEqual([]);
  });
});

describe('one bad form', () => {
  let account: Shop;
  let orderId: string;
  let itemId: string;
  const withTwoLines = () => world.sandbox.orders(seller).find((order) => (order['lineItems'] as unknown[]).length > 1 && order['status'] !== 'CANCELLED');
  const lines = (document: unknown) => ((document as JsonObject)['lineItems'] as unknown[]).length;

  it('is held while the account goes on, and shows beside what is held now', async () => {
    account = await shop('single');
    orderId = withTwoLines()?.['id'] as string;
    world.sandbox.corrupt({ kind: 'lines', seller });
    const refused = await service.call('POST', `/orders/${orderId}/sync?token_id=${account.tokenId}`, {}, account.tenant);
    world.sandbox.corrupt({ kind: null, seller });
    expect([refused.status, refused.body['code'], refused.body['reasons']]).toEqual([409, 'FORM_HELD', ['line_items_lost']]);
    expect(await pauses(account)).toEqual([]);
    const { items: held, total } = await items(account, '&status=held');
    expect([total, held[0]]).toEqual([1, expect.objectContaining({ order_id: orderId, pause_id: null, times_seen: 1, allegro_trace_id: expect.any(String) })]);
    itemId = String(held[0]?.['id']);
    const { body } = await service.call('GET', `/quarantine/${itemId}?token_id=${account.tokenId}`, undefined, account.tenant);
    expect(lines(body['document'])).toBeLessThan(lines(body['held_now']));
    expect((body['changes'] as Json[]).map((change) => String(change['path'])).some((path) => path.startsWith('lineItems['))).toBe(true);
  });

  it('is sealed at rest and nobody else’s', async () => {
    const [row] = await rows<{ text: string }>('select row_to_json(q)::text as text from quarantine_items q where id = $1', [itemId]);
    const buyer = (await documents(account)).get(orderId)?.['buyer'] as JsonObject;
    expect(row?.text).not.toContain(buyer['email']);
    expect((await service.call('GET', `/quarantine/${itemId}?token_id=${neighbour.tokenId}`, undefined, 'neighbour')).body['code']).toBe(
      'QUARANTINE_ITEM_NOT_FOUND',
    );
    expect((await service.call('GET', `/quarantine?token_id=${account.tokenId}`, undefined, 'neighbour')).status).toBe(404);
    expect((await service.call('POST', `/quarantine/${itemId}/release?token_id=${account.tokenId}`, {}, account.tenant)).body['code']).toBe('ROLE_TOO_LOW');
    expect((await operator('GET', `/quarantine/${itemId}?token_id=${account.tokenId}`, { ...account, roles: ['support'] })).status).toBe(404);
  });

  it('replaces the order when it is released, once, and the next good form lands on top of it', async () => {
    const { body } = await operator('POST', `/quarantine/${itemId}/release?token_id=${account.tokenId}&reason=asked%20the%20buyer`, account);
    expect(body).toMatchObject({ status: 'released' });
    const released = (await documents(account)).get(orderId);
    expect(lines(released)).toBeLessThan(lines(allTruth().get(orderId)));
    expect((await operator('POST', `/quarantine/${itemId}/release?token_id=${account.tokenId}`, account)).body['code']).toBe('QUARANTINE_ITEM_DECIDED');
    const trail = await rows<{ actor: string; reason: string }>(
      `select actor, reason from audit_entries where action = 'quarantine.release' and tenant_id = $1 order by id`,
      [account.tenant],
    );
    expect(trail[0]).toEqual({ actor: 'olga', reason: 'asked the buyer' });
    expect(await service.app.get(OrderReplay).rebuild(account.accountId, orderId)).toMatchObject({ differences: [] });
    expect((await service.call('POST', `/orders/${orderId}/sync?token_id=${account.tokenId}`, {}, account.tenant)).body['action']).toBe('updated');
    expect(lines((await documents(account)).get(orderId))).toBe(lines(allTruth().get(orderId)));
    expect(await service.app.get(ChainVerifier).verify({ accountId: account.accountId })).toMatchObject({ verified: true });
  });

  it('is counted when it comes again, and stays out once it was rejected', async () => {
    world.sandbox.corrupt({ kind: 'totals', seller });
    const again = () => service.call('POST', `/orders/${orderId}/sync?token_id=${account.tokenId}`, {}, account.tenant);
    for (let time = 0; time < 7; time += 1) expect((await again()).body['code']).toBe('FORM_HELD');
    const [item] = (await items(account, '&status=held')).items;
    expect([item?.['times_seen'], await pauses(account)]).toEqual([7, []]);
    expect((await operator('POST', `/quarantine/${String(item?.['id'])}/reject?token_id=${account.tokenId}`, account)).body).toMatchObject({
      status: 'rejected',
    });
    expect((await again()).body['code']).toBe('FORM_HELD');
    world.sandbox.corrupt({ kind: null, seller });
    expect(await items(account, '&status=rejected')).toMatchObject({ total: 1, items: [{ times_seen: 8, decided_by: 'olga' }] });
    expect((await operator('POST', `/quarantine/${String(item?.['id'])}/release?token_id=${account.tokenId}`, account)).body['code']).toBe(
      'QUARANTINE_ITEM_DECIDED',
    );
  });
});

describe('a group', () => {
  it('is released in order when it was right after all, and the flow goes on', async () => {
    const account = await shop('group');
    world.sandbox.corrupt({ kind: 'lines', seller });
    await sync(account, 'full');
    const [pause] = await pauses(account);
    const { body } = await operator('POST', '/quarantine/release', account, { token_id: account.tokenId, pause_id: pause?.['id'] });
    const before = await documents(account);
    expect(body).toEqual({ released: before.size, superseded: 0, left: 0 });
    const shorter = [...before].filter(
      ([id, document]) => (document['lineItems'] as unknown[]).length < (allTruth().get(id)?.['lineItems'] as unknown[]).length,
    );
    expect(shorter.length).toBeGreaterThan(ORDERS / 2);
    await operator('POST', '/sync/resume', account, { token_id: account.tokenId });
    expect((await sync(account, 'full')).end.status).toBe('COMPLETED');
    expect(await pauses(account)).toEqual([]);
    expect(await documents(account)).toEqual(before);
    world.sandbox.corrupt({ kind: null, seller });
    expect((await sync(account, 'full')).tally.updated.size).toBe(shorter.length);
  });
});
