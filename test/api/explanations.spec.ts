import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../../src/core/json.js';
import { SENTENCES } from '../../src/explanations/fact.js';
import { OrderRecorder } from '../../src/orders/order-recorder.service.js';
import { bearer, tokenOf } from '../support/access-tokens.js';
import { eventually } from '../support/eventually.js';
import { formReading, inventedEvent, inventedForm, journalReading } from '../support/invented-orders.js';
import { runSync } from '../support/run-sync.js';
import { type Json, Service } from '../support/service.js';
import { type TokenWorld, tokenWorld } from '../support/token-app.js';

const TENANT = 'tenant-a';
/** Of the invented buyer: none of it may stand in an explanation. */
const PERSONAL = /Halina|Zmyślona|@|Nieistniejąca|\+48|login_|buyer-of/;

interface Sentence {
  readonly text: string;
  readonly code: string;
  readonly at: string | null;
  readonly version: number | null;
  readonly parameters: Json;
}

interface Explained {
  readonly past: Sentence[];
  readonly now: Sentence[];
  readonly next: Sentence[];
}

let world: TokenWorld;
let service: Service;
let account: { tokenId: string; accountId: string };
let seller: string;

beforeAll(async () => {
  world = await tokenWorld({ orders: 12, seed: 43, sellers: 2, sessionsPerSeller: 1_000 });
  service = await Service.start(world);
  seller = world.sandbox.sellers()[0]?.id ?? '';
  account = await service.connect('shop', seller, TENANT);
  await sync();
});
afterAll(async () => {
  await service.stop();
  await world.release();
});

async function sync(syncType: 'incremental' | 'full' = 'incremental'): Promise<void> {
  world.sandbox.advanceClock(60_000);
  await runSync(service, { ...account, tenantId: TENANT, syncType });
}

async function get(orderId: string, query = '', tenant = 'staff', role = 'support'): Promise<{ status: number; body: Json; text: string }> {
  const url = `/api/v1/orders/${orderId}/explanation?token_id=${account.tokenId}&user_id=${TENANT}${query}`;
  const answer = await service.app.inject({ method: 'GET', url, headers: bearer(tokenOf(tenant, { roles: [role], sub: 'piotr' })) });
  return { status: answer.statusCode, body: answer.json<Json>(), text: answer.body };
}

async function operatorPosts(path: string, body: Json): Promise<Json> {
  const headers = { ...bearer(tokenOf(TENANT, { roles: ['operator'], sub: 'olga' })), 'content-type': 'application/json' };
  const answer = await service.app.inject({ method: 'POST', url: `/api/v1${path}`, headers, payload: JSON.stringify(body) });
  if (answer.statusCode >= 300) throw new Error(`${path} was refused: ${answer.body}`);
  return answer.json<Json>();
}

async function explained(orderId: string, query = ''): Promise<Explained> {
  const { status, body, text } = await get(orderId, query);
  expect({ status, text }).toMatchObject({ status: 200 });
  expect(text).not.toMatch(PERSONAL);
  return body as unknown as Explained;
}

const codes = (sentences: readonly Sentence[]): string[] => sentences.map(({ code }) => code);
const one = (sentences: readonly Sentence[], code: string): Sentence => {
  const found = sentences.find((sentence) => sentence.code === code);
  if (!found) throw new Error(`no ${code} among ${codes(sentences).join(', ')}`);
  return found;
};

async function record(forms: readonly JsonObject[], at: string, journal: readonly JsonObject[] = []): Promise<void> {
  const readings = { journal: journal.map((event) => journalReading(event)), forms: forms.map((form) => formReading(form, at)) };
  await service.app.get(OrderRecorder).record({ accountId: account.accountId, fence: null, actor: 'sync', causationId: randomUUID(), ...readings });
}

describe('the past of an order', () => {
  it('says what the journal announced, which run read the form, and what that changed, with Allegro’s trace ids', async () => {
    const [orderId = ''] = world.sandbox.createOrders({ seller, status: 'READY_FOR_PROCESSING' });
    await sync();
    const { past, now } = await explained(orderId);
    const announced = past.filter(({ code }) => code === 'journal_announced').map(({ parameters }) => parameters);
    expect(announced).toContainEqual(
      expect.objectContaining({ event_type: 'READY_FOR_PROCESSING', trace_id: expect.any(String), event_id: expect.any(String) }),
    );
    const read = one(past, 'form_by_journal');
    expect(read.text).toContain(`trace id ${String(read.parameters['trace_id'])}`);
    expect(one(past, 'became_known')).toMatchObject({ version: read.version, parameters: { status: 'READY_FOR_PROCESSING' } });
    expect(codes(now)).toEqual(['now_known', 'stock_is_open', 'invoice_is_open']);
  });

  it('tells a listing and a reading by hand apart from the journal', async () => {
    const [orderId = ''] = world.sandbox.createOrders({ seller, status: 'READY_FOR_PROCESSING' });
    await sync('full');
    world.sandbox.change(orderId, { kind: 'fulfil', status: 'SENT' });
    expect((await service.call('POST', `/orders/${orderId}/sync?token_id=${account.tokenId}`, {}, TENANT)).status).toBe(200);
    const { past } = await explained(orderId);
    expect(one(past, 'form_by_listing').parameters['run_id']).toEqual(expect.any(String));
    expect(one(past, 'form_by_hand').parameters['trace_id']).toEqual(expect.any(String));
    expect(one(past, 'places_changed').parameters['paths']).toContain('fulfillment.status');
  });

  it('says what an older form did not replace, what was kept, and by whom flags were set', async () => {
    const first = { updatedAt: '2026-03-01T10:00:00.000Z' };
    await record([inventedForm('kept-1', first)], '2026-03-01T10:01:00.000Z', [inventedEvent('e-1', 'kept-1')]);
    await record(
      [inventedForm('kept-1', { ...first, updatedAt: '2026-03-01T11:00:00.000Z', delivery: null, messageToSeller: 'for Halina' })],
      '2026-03-01T11:01:00.000Z',
    );
    await record([inventedForm('kept-1', { ...first, status: 'BOUGHT', updatedAt: '2026-03-01T09:00:00.000Z' })], '2026-03-01T11:02:00.000Z');
    await service.call('PATCH', `/orders/kept-1/stock-status?token_id=${account.tokenId}`, { is_stock_updated: true }, TENANT);
    const { past, now } = await explained('KEPT-1');
    expect(one(past, 'values_kept').parameters['paths']).toEqual(expect.arrayContaining(['delivery.address']));
    expect(one(past, 'older_than_known')).toMatchObject({
      version: 4,
      parameters: { updated_at: '2026-03-01T09:00:00.000Z', known_at: '2026-03-01T11:00:00.000Z' },
    });
    expect(one(past, 'form_by_unkept_run')).toBeDefined();
    expect(one(past, 'stock_set').text).toContain(`${TENANT} marked the stock as booked`);
    expect(codes(now)).toEqual(expect.arrayContaining(['now_keeps', 'stock_is_booked']));
    expect(past.map(({ at }) => at)).toEqual([...past.map(({ at }) => at)].sort());
  });

  it('says that the buyer was erased', async () => {
    await record([inventedForm('erased-1')], '2026-03-01T10:01:00.000Z');
    const body = { token_id: account.tokenId, order_id: 'erased-1', reason: 'ticket 4711' };
    await operatorPosts('/erasures', body);
    const worker = await Service.start(world, { role: 'all' });
    const past = await eventually('the buyer is erased', async () => {
      const told = await explained('erased-1');
      return codes(told.past).includes('buyer_erased') ? told.past : null;
    });
    await worker.stop();
    expect(codes(past)).toEqual(['form_by_unkept_run', 'became_known', 'buyer_erased']);
  });

  it('says which order replaced it, what that one took over, and that a past was put back by whom', async () => {
    const [first = '', second = ''] = world.sandbox.createOrders({ count: 2, seller, kind: 'cod' });
    await sync();
    const successor = world.sandbox.change(first, { kind: 'merge', with: second });
    await sync();
    const parent = await explained(first);
    expect(one(parent.past, 'replaced_by').parameters).toEqual({ order_id: successor });
    expect(one(parent.now, 'now_replaced').parameters).toEqual({ order_id: successor });
    const taken = (await explained(successor)).past.filter(({ code }) => code === 'took_over').map(({ parameters }) => parameters['order_id']);
    expect(new Set(taken)).toEqual(new Set([first, second]));

    await record([inventedForm('back-1', { status: 'BOUGHT' })], '2026-03-01T10:01:00.000Z');
    await world.owner.query('select pg_sleep(0.003)');
    const [clock] = (await world.owner.query<{ at: Date }>('select clock_timestamp() as at')).rows;
    await world.owner.query('select pg_sleep(0.003)');
    await record([inventedForm('back-1', { updatedAt: '2026-03-01T11:00:00.000Z' })], '2026-03-01T11:01:00.000Z');
    const plan = await operatorPosts('/restore-plans', { token_id: account.tokenId, as_of: clock?.at.toISOString() ?? '', order_ids: ['back-1'] });
    await operatorPosts(`/restore-plans/${String(plan['id'])}/apply?token_id=${account.tokenId}`, {});
    const { past, now } = await explained('back-1');
    expect(one(past, 'restored')).toMatchObject({ version: 3, parameters: { actor: 'olga', version: 1, plan_id: plan['id'], as_of: expect.any(String) } });
    expect(one(now, 'now_known').parameters['status']).toBe('BOUGHT');
  });

  it('leaves out the oldest events of a long stream and says how many', async () => {
    const events = Array.from({ length: 205 }, (_, index) => inventedEvent(`long-${String(index)}`, 'long-1'));
    await record([], '2026-03-01T10:01:00.000Z', events);
    const { past, now } = await explained('long-1');
    expect(past[0]).toMatchObject({ code: 'earlier_left_out', parameters: { count: 5 } });
    expect(past).toHaveLength(201);
    expect(past[1]).toMatchObject({ code: 'journal_announced', version: 6 });
    expect(codes(now)).toEqual(['now_without_form']);
  });
});

describe('what was held and what comes next', () => {
  it('says why a form was held, that somebody has to decide, and then who decided', async () => {
    const wanted = world.sandbox.orders(seller).find((order) => (order['lineItems'] as unknown[]).length > 1 && order['status'] !== 'CANCELLED');
    const orderId = String(wanted?.['id']);
    world.sandbox.corrupt({ kind: 'lines', seller });
    const refused = await service.call('POST', `/orders/${orderId}/sync?token_id=${account.tokenId}`, {}, TENANT);
    world.sandbox.corrupt({ kind: null, seller });
    expect(refused.body['code']).toBe('FORM_HELD');
    const held = await explained(orderId);
    const { item_id: itemId, trace_id: traceId } = one(held.past, 'form_held').parameters;
    expect(traceId).toEqual(expect.any(String));
    expect(one(held.past, 'held_line_items_lost').parameters['detail']).toEqual(expect.any(String));
    expect(one(held.next, 'waits_for_decision').parameters).toEqual({ count: 1 });
    await operatorPosts(`/quarantine/${String(itemId)}/release?token_id=${account.tokenId}`, {});
    const decided = await explained(orderId);
    expect(one(decided.past, 'held_item_released').parameters).toEqual({ item_id: itemId, actor: 'olga' });
    expect(one(decided.past, 'form_released').parameters).toEqual({ actor: 'olga', trace_id: traceId });
    expect(codes(decided.next)).not.toContain('waits_for_decision');
  });

  it('says of an order Allegro does not answer when it is tried again, also when nothing of it is recorded', async () => {
    const [poison = ''] = world.sandbox.createOrders({ seller, status: 'READY_FOR_PROCESSING' });
    world.sandbox.setOrderFault(poison, 'poison');
    world.sandbox.createOrders({ seller, status: 'READY_FOR_PROCESSING' });
    await sync();
    const owed = one((await explained(poison)).next, 'owed_unavailable');
    expect(owed.parameters).toMatchObject({ attempts: 1, allegro_status: 500, trace_id: expect.any(String), next_try_at: expect.any(String) });
    await world.owner.query(`insert into owed_forms (account_id, order_id, reason, attempts, next_try_at) values ($1, 'owed-1', 'missing', 2, now())`, [
      account.accountId,
    ]);
    const { past, now, next } = await explained('owed-1');
    expect([codes(past), codes(now), codes(next)]).toEqual([[], ['now_unrecorded'], ['owed_missing', 'no_schedule']]);
  });

  it('says the next turn of the schedule, a pause of the account, a claim, and a seller that has to link again', async () => {
    await record([inventedForm('next-1')], '2026-03-01T10:01:00.000Z');
    expect(codes((await explained('next-1')).next)).toEqual(['no_schedule']);
    await service.call('POST', '/sync/activate', { token_id: account.tokenId, interval_minutes: 7 }, TENANT);
    await service.call('POST', `/orders/next-1/claims?token_id=${account.tokenId}`, { purpose: 'invoice' }, TENANT);
    await world.owner.query(
      `insert into sync_pauses (id, account_id, causes, forms) values (gen_random_uuid(), $1, '[{"code":"line_items_lost","detail":"x"}]', 3)`,
      [account.accountId],
    );
    const { now, next } = await explained('next-1');
    expect(one(now, 'claimed').parameters).toMatchObject({ purpose: 'invoice', actor: TENANT, expires_at: expect.any(String) });
    expect(one(next, 'account_paused').parameters).toMatchObject({ causes: ['line_items_lost'] });
    expect(one(next, 'next_sync').parameters).toMatchObject({ interval_minutes: 7 });
    await world.owner.query(`update tokens set state = 'needs_reauth' where account_id = $1`, [account.accountId]);
    expect(codes((await explained('next-1')).next)).toEqual(['account_needs_linking']);
    await world.owner.query(`update tokens set state = 'active' where account_id = $1`, [account.accountId]);
  });
});

describe('an explanation', () => {
  it('says the same in Polish: the same codes and parameters, other words', async () => {
    const english = await explained('kept-1');
    const polish = await explained('kept-1', '&lang=pl');
    const facts = (of: Explained) => [...of.past, ...of.now].map(({ text: _, ...rest }) => rest);
    expect(facts(polish)).toEqual(facts(english));
    expect(one(polish.past, 'stock_set').text).toContain('oznaczył(a) stan magazynu jako zaktualizowany');
    expect(await get('kept-1', '&lang=de')).toMatchObject({ status: 422, body: { errors: [{ field: 'lang' }] } });
    for (const { code } of [...english.past, ...english.now, ...english.next]) expect(Object.keys(SENTENCES)).toContain(code);
  });

  it('is for support and operators, never for an order nobody knows, another tenant’s order, or a seller', async () => {
    expect((await get('kept-1', '', 'staff', 'operator')).status).toBe(200);
    expect(await get('kept-1', '', TENANT, 'seller')).toMatchObject({ status: 403, body: { code: 'ROLE_TOO_LOW' } });
    expect(await get('nobody-knows')).toMatchObject({ status: 404, body: { code: 'ORDER_NOT_FOUND' } });
    const stranger = await service.app.inject({
      method: 'GET',
      url: `/api/v1/orders/kept-1/explanation?token_id=${account.tokenId}`,
      headers: bearer(tokenOf('tenant-b', { roles: ['support'] })),
    });
    expect(stranger.statusCode).toBe(404);
  });
});
