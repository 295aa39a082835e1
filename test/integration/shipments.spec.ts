import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../src/core/json.js';
import { HeldDocuments } from '../../src/orders/held-documents.read-model.js';
import { settleShipments } from '../../src/orders/owed-shipments.store.js';
import { OrderReplay } from '../../src/orders/order-replay.service.js';
import { Database } from '../../src/platform/database/database.js';
import { ChainVerifier } from '../../src/platform/event-log/chain-verifier.js';
import { bearer, tokenOf } from '../support/access-tokens.js';
import { eventually } from '../support/eventually.js';
import { type CrashPoint, FailingEffects } from '../support/failing-effects.js';
import { runSync } from '../support/run-sync.js';
import { type Json, Service } from '../support/service.js';
import { type TokenWorld, tokenWorld } from '../support/token-app.js';

const effects = new FailingEffects();
let world: TokenWorld;
let service: Service;
let account: { tokenId: string; accountId: string };

beforeAll(async () => {
  world = await tokenWorld({ orders: 1, seed: 31 });
  service = await Service.start(world, { effects, env: { SHIPMENTS_PER_RUN: '50' } });
  account = await service.connect();
  await sync();
});

afterAll(async () => {
  await service.stop();
  await world.release();
});

beforeEach(() => {
  effects.disarm();
});

const rows = async <Row extends object>(sql: string, values: unknown[] = []): Promise<Row[]> => (await world.owner.query<Row>(sql, values)).rows;
const dueNow = () => world.owner.query('update owed_shipments set next_try_at = now()');
const owed = (id: string) =>
  rows<{ attempts: number; has_been_read: boolean; given_up_at: Date | null }>('select * from owed_shipments where order_id = $1', [id]);
const readings = (id: string) => rows<{ payload: unknown }>("select payload from event_log.order_events where order_id = $1 and type = 'shipments.read'", [id]);

const sync = () => runSync(service, account);

const ready = () => world.sandbox.createOrders({ count: 1, status: 'READY_FOR_PROCESSING' })[0] ?? '';

function send(id: string, status = 'SENT'): void {
  world.sandbox.change(id, { kind: 'fulfil', status });
  world.sandbox.advanceClock(60_000);
}

/** An order that was sent, synced with its parcels. */
async function sent(): Promise<string> {
  const id = ready();
  send(id);
  expect((await sync()).end.status).toBe('COMPLETED');
  return id;
}

const order = async (id: string): Promise<JsonObject> => {
  const { body } = await service.call('GET', `/orders/${id}?token_id=${account.tokenId}`);
  return body['order'] as JsonObject;
};
const waybillsOf = async (id: string) => ((await order(id))['shipments'] as { waybill: string }[] | undefined)?.map(({ waybill }) => waybill) ?? [];

async function found(waybill: string): Promise<unknown[]> {
  const { body } = await service.call('GET', `/orders/search?token_id=${account.tokenId}&query=${waybill}`);
  // What is only alike is found by every number.
  if ((body['filters'] as Json)['search_type'] === 'similar') return [];
  return (body['orders'] as Json[]).map(({ allegro_order_id }) => allegro_order_id);
}

describe('parcel numbers', () => {
  it('are read once an order was sent, shown with it, told of, and found', async () => {
    const id = ready();
    await sync();
    expect([await waybillsOf(id), await owed(id)]).toEqual([[], []]);
    send(id);
    await sync();
    const waybills = await waybillsOf(id);
    expect(waybills[0]).toMatch(/^SB\d{22}$/);
    for (const waybill of waybills) expect(await found(waybill)).toEqual([id]);
    expect(await rows("select topics from event_log.outbox where order_id = $1 and changed = '{shipments}'", [id])).toEqual([{ topics: ['order.updated'] }]);
    const { body } = await service.call('GET', `/orders/${id}/timeline?token_id=${account.tokenId}`);
    expect(JSON.stringify(body)).toContain('shipments.read');
    const asOf = await service.call('GET', `/orders/${id}?token_id=${account.tokenId}&as_of=${new Date(Date.now() + 1_000).toISOString()}`);
    expect((asOf.body['order'] as JsonObject)['shipments']).toEqual((await order(id))['shipments']);
  });

  it('are sealed in the log and rebuilt from it', async () => {
    const id = await sent();
    const [waybill] = await waybillsOf(id);
    expect(JSON.stringify(await readings(id))).not.toContain(waybill);
    expect((await service.app.get(OrderReplay, { strict: false }).rebuild(account.accountId, id))?.differences).toEqual([]);
    await world.owner.query("update order_search set codes = '{}', text = ''");
    await world.owner.query("update order_documents set document = '{}' where stream_id = (select stream_id from event_log.streams where order_id = $1)", [id]);
    expect((await service.app.get(OrderReplay, { strict: false }).rebuild(account.accountId, id))?.repaired).toBe(true);
    expect([await found(waybill ?? ''), await waybillsOf(id)]).toEqual([[id], expect.arrayContaining([waybill])]);
    expect(await service.app.get(ChainVerifier, { strict: false }).verify({ accountId: account.accountId })).toMatchObject({ verified: true, flaws: [] });
  });

  it('add nothing when read again, and one that was added late is found after the second reading', async () => {
    const [same, late] = [await sent(), await sent()];
    world.sandbox.addWaybill(late, 'AD-7654321');
    await sync();
    expect(await found('AD-7654321')).toEqual([]);
    await dueNow();
    await sync();
    expect(await found('AD-7654321')).toEqual([late]);
    expect([(await readings(same)).length, (await readings(late)).length]).toEqual([1, 2]);
    expect([await owed(same), await owed(late)]).toEqual([[], []]);
    await sync();
    expect((await readings(late)).length).toBe(2);
  });

  it('are read again when the order is sent further, and stay when its form changes', async () => {
    const id = await sent();
    const before = await waybillsOf(id);
    await dueNow();
    await sync();
    world.sandbox.addWaybill(id, 'PICKED-7');
    send(id, 'PICKED_UP');
    await sync();
    expect(await waybillsOf(id)).toEqual([...before, 'PICKED-7']);
    const held = await service.app.get(HeldDocuments, { strict: false }).find(account.accountId, [id]);
    expect(held.get(id)).not.toHaveProperty('shipments');
  });

  it('are withheld from a reader who may not see buyers', async () => {
    const id = await sent();
    const headers = bearer(tokenOf('tenant-a', { roles: ['support'] }));
    const answer = await service.app.inject({ method: 'GET', url: `/api/v1/orders/${id}?token_id=${account.tokenId}`, headers });
    expect(answer.statusCode).toBe(200);
    expect(answer.body).toContain('shipments');
    for (const waybill of await waybillsOf(id)) expect(answer.body).not.toContain(waybill);
    const timeline = await service.app.inject({ method: 'GET', url: `/api/v1/orders/${id}/timeline?token_id=${account.tokenId}`, headers });
    for (const waybill of await waybillsOf(id)) expect(timeline.body).not.toContain(waybill);
  });
});

describe('a failing answer about parcels', () => {
  it('delays them alone, and is given up until the order changes', async () => {
    const [bad, good] = [ready(), ready()];
    await sync();
    for (const id of [bad, good]) send(id);
    effects.disarm();
    await world.owner.query("insert into owed_shipments (account_id, order_id) values ($1, 'unknown-order')", [account.accountId]);
    // The form is read before, so that only the parcels fail.
    const outcome = await sync();
    expect(outcome.end).toEqual({ status: 'COMPLETED', error: null, cause: null });
    expect((await waybillsOf(good)).length).toBeGreaterThan(0);
    expect(await owed('unknown-order')).toMatchObject([{ attempts: 1, has_been_read: false, given_up_at: null }]);
    for (let attempt = 2; attempt <= 8; attempt += 1) {
      await dueNow();
      expect((await sync()).end.status).toBe('COMPLETED');
    }
    expect(await owed('unknown-order')).toMatchObject([{ attempts: 8, given_up_at: expect.any(Date) }]);
    await world.owner.query("delete from owed_shipments where order_id = 'unknown-order'");
  });

  it('that is an error delays them too', async () => {
    const id = await sent();
    await dueNow();
    world.sandbox.addWaybill(id, 'LATER-1');
    world.sandbox.setOrderFault(id, 'poison');
    expect((await sync()).end.status).toBe('COMPLETED');
    expect(await owed(id)).toMatchObject([{ attempts: 1 }]);
    world.sandbox.setOrderFault(id, null);
    await dueNow();
    await sync();
    expect(await found('LATER-1')).toEqual([id]);
  }, 60_000);
});

describe('an answer about parcels that is odd', () => {
  it('is kept, or delays its order alone', async () => {
    const [odd, plain] = [ready(), ready()];
    for (const waybill of ['NUL\0-4711', 'HALF\ud800-4711', '', ' '.repeat(64), 'W'.repeat(5_000)]) world.sandbox.addWaybill(odd, waybill);
    await sync();
    for (const id of [odd, plain]) send(id);
    expect((await sync()).end).toEqual({ status: 'COMPLETED', error: null, cause: null });
    expect((await waybillsOf(plain)).length).toBeGreaterThan(0);
    expect([...(await owed(odd)), ...(await owed(plain))]).toMatchObject([{ has_been_read: true }, { has_been_read: true }]);
    expect(await waybillsOf(odd)).toContain('W'.repeat(5_000));
  });

  it('delays its order alone where PostgreSQL cannot hold it', async () => {
    const [refused, plain] = [ready(), ready()];
    await sync();
    for (const id of [refused, plain]) send(id);
    await world.owner.query(`create function refuse_parcel() returns trigger language plpgsql as $$ begin
      if new.document ->> 'id' = '${refused}' and new.document -> 'shipments' is not null then raise exception 'refused' using errcode = '22P05'; end if;
      return new; end $$`);
    await world.owner.query('create trigger refuse_parcel before insert or update on order_documents for each row execute function refuse_parcel()');
    expect((await sync()).end.status).toBe('COMPLETED');
    await world.owner.query('drop trigger refuse_parcel on order_documents');
    expect(await owed(refused)).toMatchObject([{ attempts: 1, has_been_read: false }]);
    expect((await waybillsOf(plain)).length).toBeGreaterThan(0);
    await dueNow();
    await sync();
    expect((await waybillsOf(refused)).length).toBeGreaterThan(0);
  });

  it('settles nothing newer than what it was asked for', async () => {
    const id = ready();
    await sync();
    send(id);
    await sync();
    const row = { orderId: id, turn: 1, attempts: 0 };
    send(id, 'PICKED_UP');
    await world.owner.query('update owed_shipments set turn = 2, has_been_read = false where order_id = $1', [id]);
    await service.app.get(Database, { strict: false }).transaction((tx) => settleShipments(tx, account.accountId, row));
    expect(await owed(id)).toMatchObject([{ has_been_read: false }]);
  });
});

describe.each<CrashPoint>(['before', 'after'])('a crash right %s an effect', (point) => {
  it.each(['log.record', 'allegro.shipments', 'shipments.record', 'run.finish'])('loses no parcel: %s', async (name) => {
    const id = ready();
    await sync();
    send(id);
    effects.arm(name, point);
    await sync().catch((error: unknown) => error);
    expect(effects.reached).toBe(true);
    effects.disarm();
    await sync();
    const waybills = await waybillsOf(id);
    expect(waybills.length).toBeGreaterThan(0);
    expect(await found(waybills[0] ?? '')).toEqual([id]);
    expect(await readings(id)).toHaveLength(1);
  });
});

describe('an erased buyer', () => {
  it('leaves no parcel number in the log, the order or the search, nor does what is read later', async () => {
    const id = await sent();
    const [waybill] = await waybillsOf(id);
    const answer = await service.app.inject({
      method: 'POST',
      url: '/api/v1/erasures',
      headers: { ...bearer(tokenOf('tenant-a', { roles: ['operator'], sub: 'olga' })), 'content-type': 'application/json' },
      payload: JSON.stringify({ token_id: account.tokenId, reason: 'ticket 4711', order_id: id }),
    });
    const erasure = String(answer.json<{ id: unknown }>().id);
    const worker = await Service.start(world, { role: 'worker' });
    await eventually('the erasure is complete', async () => {
      const { body } = await service.call('GET', `/erasures/${erasure}?token_id=${account.tokenId}`);
      return body['status'] === 'completed' ? body : null;
    }).finally(() => worker.stop());
    expect(await found(waybill ?? '')).toEqual([]);
    expect(new Set(await waybillsOf(id))).toEqual(new Set(['[erased]']));
    const events = (await readings(id)).length;
    world.sandbox.addWaybill(id, 'AFTERWARDS-1');
    await dueNow();
    await sync();
    expect(await found('AFTERWARDS-1')).toEqual([]);
    expect((await readings(id)).length).toBe(events + 1);
    expect(JSON.stringify(await order(id))).not.toContain('AFTERWARDS');
    expect((await service.app.get(OrderReplay, { strict: false }).rebuild(account.accountId, id))?.differences).toEqual([]);
  }, 60_000);
});
