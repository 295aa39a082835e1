import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Service } from '../support/service.js';
import { type TokenWorld, tokenWorld } from '../support/token-app.js';

const UNKNOWN = '00000000-0000-4000-8000-000000000000';
const TENANT = 'shop';

let world: TokenWorld;
let app: Service;
let seller: string;
let tokenId: string;

beforeAll(async () => {
  world = await tokenWorld();
  app = await Service.start(world);
  seller = world.sandbox.sellers()[0]?.id ?? '';
  tokenId = await app.import('shop', seller, TENANT);
});

afterAll(async () => {
  await app.stop();
  await world.release();
});

const refresh = (orderId: string) => app.request('POST', `/orders/${orderId}/sync?token_id=${tokenId}`, { tenant: TENANT });

describe('POST /orders/{order_id}/sync', () => {
  it('reads the order now and says what that changed', async () => {
    const [orderId = ''] = world.sandbox.createOrders({ seller });
    const answer = { success: true, order_id: orderId, message: expect.any(String) };
    const created = await refresh(orderId);
    expect([created.status, created.body]).toEqual([200, { ...answer, action: 'created' }]);
    expect((await refresh(orderId)).body).toEqual({ ...answer, action: 'skipped' });
    world.sandbox.change(orderId, { kind: 'cancel' });
    expect((await refresh(orderId)).body).toEqual({ ...answer, action: 'updated' });
  });

  it('is 404 for an order Allegro does not know, and needs a token', async () => {
    expect((await refresh(UNKNOWN)).status).toBe(404);
    expect((await app.request('POST', `/orders/${UNKNOWN}/sync`, { tenant: TENANT })).status).toBe(422);
  });

  it.each(['nope', 'a'.repeat(150), '..%2f..%2fme', '%20', "'--"])(
    'is 404 for what cannot be the id of an order, and Allegro is not asked: %s',
    async (orderId) => {
      const before = world.sandbox.stats().requests;
      const { status, body } = await refresh(orderId);
      expect({ status, body }).toMatchObject({ status: 404, body: { code: 'ORDER_NOT_FOUND' } });
      expect(world.sandbox.stats().requests).toBe(before);
    },
  );

  it('is 404 for an id that Allegro calls malformed', async () => {
    expect(await refresh('an-id-of-no-order-at-all')).toMatchObject({ status: 404, body: { code: 'ORDER_NOT_FOUND' } });
  });

  it('names the status and the trace id of an Allegro that fails, and stores nothing', async () => {
    const [orderId = ''] = world.sandbox.createOrders({ seller });
    world.sandbox.setOrderFault(orderId, 'poison');
    const { status, body } = await refresh(orderId);
    expect(status).toBe(503);
    expect(body).toMatchObject({ code: 'ALLEGRO_UNAVAILABLE', detail: expect.any(String), allegro_status: 500, allegro_trace_id: expect.any(String) });
    expect((await world.owner.query('select order_id from orders where order_id = $1', [orderId])).rows).toEqual([]);
  });
});

describe('GET /orders/debug', () => {
  it('statuses: of both axes, what is known and what is present', async () => {
    const { status, body } = await app.request('GET', `/orders/debug/statuses?token_id=${tokenId}`, { tenant: TENANT });
    expect([status, body]).toEqual([
      200,
      {
        available_statuses: expect.arrayContaining(['BOUGHT', 'READY_FOR_PROCESSING', 'SENT']),
        order_statuses: expect.any(Array),
        fulfillment_statuses: expect.any(Array),
        description: expect.any(String),
        user_id: TENANT,
      },
    ]);
    await world.owner.query(`update orders set status = 'ON_HOLD' where account_id = (select account_id from tokens where id = $1)`, [tokenId]);
    for (const query of [`?token_id=${tokenId}`, '']) {
      expect((await app.request('GET', `/orders/debug/statuses${query}`, { tenant: TENANT })).body).toMatchObject({
        available_statuses: expect.arrayContaining(['ON_HOLD']),
      });
    }
    expect((await app.request('GET', '/orders/debug/statuses', { tenant: 'another' })).body['available_statuses']).not.toContain('ON_HOLD');
  });

  it('health: measured, also while Allegro is down', async () => {
    const health = () => app.request('GET', `/orders/debug/health?token_id=${tokenId}`, { tenant: TENANT });
    const instant = expect.stringMatching(/^\d{4}-.*Z$/);
    const { status, body } = await health();
    expect([status, body]).toEqual([
      200,
      {
        status: 'healthy',
        user_id: TENANT,
        database_connection: 'ok',
        allegro_api_status: 'ok',
        last_sync: null,
        orders_count: 1,
        check_time: instant,
      },
    ]);
    await world.owner.query(
      `insert into sync_runs (id, tenant_id, account_id, token_id, sync_type, sync_status, sync_started_at, sync_completed_at)
       select $1, $2, account_id, id, 'full', 'COMPLETED', now(), '2026-03-01T10:00:00Z' from tokens where id = $3`,
      [UNKNOWN, TENANT, tokenId],
    );
    world.sandbox.setFaults('5xx=1:503');
    expect((await health()).body).toMatchObject({ status: 'degraded', allegro_api_status: 'unreachable', last_sync: '2026-03-01T10:00:00.000Z' });
    world.sandbox.setFaults('');
    await app.request('DELETE', `/tokens/${tokenId}`, { tenant: TENANT });
    expect((await health()).body).toMatchObject({ status: 'degraded', allegro_api_status: 'unauthorized', orders_count: 1 });
  });
});
