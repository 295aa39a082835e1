import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer, tokenOf } from '../support/access-tokens.js';
import { type Json, Service } from '../support/service.js';
import { type TokenWorld, tokenWorld } from '../support/token-app.js';

let world: TokenWorld;
let service: Service;
let tokenId: string;

beforeAll(async () => {
  world = await tokenWorld({ orders: 1, sellers: 1 });
  service = await Service.start(world);
  tokenId = (await service.connect('shop', undefined, 'seller-a')).tokenId;
});
afterAll(async () => {
  await service.stop();
  await world.release();
});

interface Caller {
  readonly tenant?: string;
  readonly role?: string;
  readonly sub?: string;
}

async function get(path: string, { tenant = 'staff', role = 'operator', sub = 'olga' }: Caller = {}): Promise<{ status: number; body: Json }> {
  const answer = await service.app.inject({ method: 'GET', url: `/api/v1${path}`, headers: bearer(tokenOf(tenant, { roles: [role], sub })) });
  return { status: answer.statusCode, body: answer.json<Json>() };
}

async function entries(query: string, caller?: Caller): Promise<Json[]> {
  const { status, body } = await get(`/audit?${query}`, caller);
  expect({ status, body }).toMatchObject({ status: 200 });
  return body['entries'] as Json[];
}

/** One entry a call: staff read a tenant's expiring accounts with a reason. */
async function act(tenant: string, times: number, by = 'olga'): Promise<void> {
  for (let time = 1; time <= times; time += 1) {
    await get(`/accounts/freshness?user_id=${tenant}&reason=ticket-${String(time)}`, { role: 'support', sub: by });
  }
}

describe('the audit trail', () => {
  it('tells an operator who did what in a tenant, with the reason and the request, and that this reading was one of them', async () => {
    await get(`/orders/some-order?token_id=${tokenId}&user_id=seller-a&reason=ticket%204711`, { role: 'support', sub: 'piotr' });
    const [reading, before] = await entries('user_id=seller-a&limit=2');
    expect(reading).toMatchObject({ actor: 'olga', actor_roles: ['operator'], tenant_id: 'seller-a', action: 'GET /api/v1/audit', reason: null });
    expect(before).toEqual({
      id: expect.stringMatching(/^\d+$/),
      recorded_at: expect.stringMatching(/^\d{4}-.*Z$/),
      actor: 'piotr',
      actor_roles: ['support'],
      tenant_id: 'seller-a',
      action: 'GET /api/v1/orders/:order_id',
      subject: { order_id: 'some-order', token_id: tokenId },
      reason: 'ticket 4711',
      request_id: expect.any(String),
    });
  });

  it('finds entries by actor, action, subject and time, each alone and together', async () => {
    await act('seller-b', 2, 'anna');
    await get(`/orders/wanted-order?token_id=${tokenId}&user_id=seller-b`, { role: 'support', sub: 'anna' });
    const [last] = await entries('actor=anna&limit=1', { tenant: 'seller-b' });
    const at = encodeURIComponent(String(last?.['recorded_at']));
    const found = async (query: string) => (await entries(query, { tenant: 'seller-b' })).map(({ subject, reason }) => [subject, reason]);
    const wanted = [{ order_id: 'wanted-order', token_id: tokenId }, null];
    expect(await found('actor=anna')).toEqual([wanted, [{}, 'ticket-2'], [{}, 'ticket-1']]);
    expect(await found(`action=${encodeURIComponent('GET /api/v1/orders/:order_id')}`)).toEqual([wanted]);
    expect(await found('subject=wanted-order')).toEqual([wanted]);
    expect(await found(`from=${at}`)).toEqual([wanted]);
    expect(await found(`to=${at}`)).toEqual([[{}, 'ticket-2'], [{}, 'ticket-1']]); // prettier-ignore
    expect(await found(`actor=anna&subject=wanted-order&to=${at}`)).toEqual([]);
    expect(await found('actor=ann')).toEqual([]);
  });

  it('pages by cursor without gaps and repetitions while new entries are written', async () => {
    await act('seller-c', 5);
    const reasons: unknown[] = [];
    let query = 'limit=2';
    for (;;) {
      const { body } = await get(`/audit?${query}`, { tenant: 'seller-c' });
      reasons.push(...(body['entries'] as Json[]).map(({ reason }) => reason));
      if (body['next_cursor'] === null) break;
      await act('seller-c', 1, 'somebody else');
      query = `limit=2&cursor=${encodeURIComponent(String(body['next_cursor']))}`;
    }
    expect(reasons).toEqual(['ticket-5', 'ticket-4', 'ticket-3', 'ticket-2', 'ticket-1']);
  });

  it('refuses a cursor of another tenant, one that somebody wrote, and filters that cannot be read', async () => {
    await act('seller-d', 2);
    const { body } = await get('/audit?limit=1', { tenant: 'seller-d' });
    const cursor = encodeURIComponent(String(body['next_cursor']));
    expect((await get(`/audit?cursor=${cursor}`, { tenant: 'seller-d' })).status).toBe(200);
    expect(await get(`/audit?cursor=${cursor}`, { tenant: 'seller-c' })).toMatchObject({ status: 422, body: { code: 'VALIDATION_FAILED' } });
    for (const query of ['cursor=WyIyMDI2IiwiMSJd.AAAA', 'from=yesterday', 'actor=', 'limit=0']) {
      expect(await get(`/audit?${query}`)).toMatchObject({ status: 422, body: { code: 'VALIDATION_FAILED' } });
    }
  });

  it('shows a tenant alone to its operators and its sellers, and nobody of another one anything', async () => {
    await act('seller-e', 1);
    expect(await entries('', { tenant: 'seller-f' })).toEqual([]);
    expect(await entries('', { tenant: 'seller-e' })).toHaveLength(1);
    expect(await get('/audit?user_id=seller-e', { tenant: 'seller-f', role: 'seller' })).toMatchObject({ status: 200, body: { entries: [] } });
    expect(await get('/audit?user_id=seller-e', { role: 'support' })).toMatchObject({ status: 404, body: { code: 'OUT_OF_REACH' } });
  });

  it('tells a seller who of staff looked at which order, when and why', async () => {
    await get(`/orders/looked-at?token_id=${tokenId}&user_id=seller-g&reason=ticket%207`, { role: 'support', sub: 'sam' });
    const [entry] = await entries('subject=looked-at', { tenant: 'seller-g', role: 'seller', sub: 'owner' });
    expect(entry).toMatchObject({ actor: 'sam', actor_roles: ['support'], action: 'GET /api/v1/orders/:order_id', reason: 'ticket 7' });
  });

  it('refuses an end before its beginning', async () => {
    const { status, body } = await get('/audit?from=2026-03-02&to=2026-03-01');
    expect({ status, body }).toMatchObject({ status: 422, body: { errors: [{ field: 'from', message: 'must not be later than to' }] } });
    expect((await get('/audit?from=2026-03-01&to=2026-03-01')).status).toBe(200);
  });
});

describe('a reason', () => {
  const post = async (path: string, tenant = 'staff', role = 'support') => {
    const headers = bearer(tokenOf(tenant, { roles: [role], sub: 'sam', scope: 'personal-data:read' }));
    const answer = await service.app.inject({ method: 'POST', url: `/api/v1${path}`, headers });
    return { status: answer.statusCode, body: answer.json<Json>() };
  };

  it('is asked of staff who replay in another tenant, the try is in the trail, and with a reason it is done', async () => {
    const replay = `/orders/replayed/replay?token_id=${tokenId}&user_id=seller-a`;
    for (const silent of [replay, `${replay}&reason=`, `${replay}&reason=%20`]) {
      expect(await post(silent)).toMatchObject({ status: 400, body: { code: 'REASON_REQUIRED' } });
    }
    expect(await post(`${replay}&reason=ticket%208`)).toMatchObject({ status: 404, body: { code: 'ORDER_NOT_FOUND' } });
    const trail = await entries('subject=replayed', { tenant: 'seller-a', role: 'seller' });
    expect(trail.map(({ actor, reason }) => [actor, reason])).toEqual([['sam', 'ticket 8'], ['sam', null], ['sam', null], ['sam', null]]); // prettier-ignore
  });

  it('is asked of nobody in the own tenant, and of no call of the contract', async () => {
    expect((await post(`/orders/replayed/replay?token_id=${tokenId}`, 'seller-a', 'seller')).body['code']).toBe('ORDER_NOT_FOUND');
    expect((await get(`/orders?token_id=${tokenId}&user_id=seller-a`)).status).toBe(200);
  });

  it('is asked before buyers of another tenant leave in a file', async () => {
    const file = `/exports/orders?token_id=${tokenId}&format=json&user_id=seller-a`;
    expect(await get(file)).toMatchObject({ status: 400, body: { code: 'REASON_REQUIRED' } });
    const answer = await service.app.inject({ url: `/api/v1${file}&reason=ticket%209`, headers: bearer(tokenOf('staff', { roles: ['operator'] })) });
    expect(answer.statusCode).toBe(200);
  });
});
