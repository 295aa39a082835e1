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
      subject: { order_id: 'some-order' },
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
    const wanted = [{ order_id: 'wanted-order' }, null];
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

  it('shows an operator of a tenant that tenant alone, and nobody else anything', async () => {
    await act('seller-e', 1);
    expect(await entries('', { tenant: 'seller-f' })).toEqual([]);
    expect(await entries('', { tenant: 'seller-e' })).toHaveLength(1);
    for (const role of ['seller', 'support']) {
      expect(await get('/audit', { tenant: 'seller-e', role })).toMatchObject({ status: 403, body: { code: 'ROLE_TOO_LOW' } });
    }
    expect(await get('/audit?user_id=seller-e', { role: 'support' })).toMatchObject({ status: 403 });
  });
});
