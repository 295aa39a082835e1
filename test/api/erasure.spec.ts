import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../src/core/json.js';
import { bearer, tokenOf } from '../support/access-tokens.js';
import { DisturbedShop } from '../support/disturbed-shop.js';
import { eventually } from '../support/eventually.js';
import type { Json } from '../support/service.js';
import { tablesWith } from '../support/stored-traces.js';

let shop: DisturbedShop;

beforeAll(async () => {
  shop = await DisturbedShop.open(0);
  shop.world.sandbox.setFaults('');
}, 60_000);
afterAll(() => shop.close());

const get = async (path: string): Promise<Json> =>
  (await shop.service.call('GET', `${path}${path.includes('?') ? '&' : '?'}token_id=${shop.account.tokenId}`)).body;

async function erase(body: Json): Promise<Json> {
  const answer = await shop.service.app.inject({
    method: 'POST',
    url: '/api/v1/erasures',
    headers: { ...bearer(tokenOf('tenant-a', { roles: ['operator'], sub: 'olga' })), 'content-type': 'application/json' },
    payload: JSON.stringify({ token_id: shop.account.tokenId, reason: 'ticket 12', ...body }),
  });
  const { id } = answer.json<Json>();
  return eventually('the erasure is complete', async () => {
    const receipt = await get(`/erasures/${String(id)}`);
    return receipt['status'] === 'completed' ? receipt : null;
  });
}

const formOf = (orderId: string) => shop.world.sandbox.orders().find(({ id }) => id === orderId) as JsonObject & { buyer: Record<string, string> };

describe('a buyer who was erased while Allegro still tells of them', () => {
  it('stays erased through syncs, sweeps and refreshes, while their order goes on', async () => {
    const { sandbox, owner } = shop.world;
    const [orderId = ''] = sandbox.createOrders({ count: 1, kind: 'cod' });
    sandbox.advanceClock(60_000);
    await shop.sync();
    const { buyer } = formOf(orderId);
    const { email = '', login = '' } = buyer;
    expect(await get(`/orders/${orderId}`)).toMatchObject({ order: { buyer: { email } } });

    expect(await erase({ order_id: orderId })).toMatchObject({ orders: expect.any(Number), origin: 'request' });
    expect(await get(`/orders/${orderId}`)).toMatchObject({ order: { buyer: '[erased]' } });

    sandbox.change(orderId, { kind: 'pay' });
    sandbox.change(orderId, { kind: 'fulfil', status: 'SENT' });
    sandbox.advanceClock(60_000);
    await shop.sync();
    expect(await get(`/orders/${orderId}`)).toMatchObject({ order: { buyer: '[erased]', fulfillment: { status: 'SENT' } } });
    const swept = await shop.sweep();
    expect(swept.certificate.counts).toMatchObject({ healed: 0, held: 0 });
    await shop.service.call('POST', `/orders/${orderId}/sync?token_id=${shop.account.tokenId}`);
    expect(
      await tablesWith(
        owner,
        [email, login].filter((text) => text.length > 4),
      ),
    ).toEqual([]);
    expect(await get('/quarantine?status=held')).toMatchObject({ total: 0 });
  });

  it('is told of in the timeline and in the feed, by event and places, without a name', async () => {
    const [orderId = ''] = shop.world.sandbox.createOrders({ count: 1, kind: 'cod' });
    shop.world.sandbox.advanceClock(60_000);
    await shop.sync();
    const id = formOf(orderId).buyer['id'] ?? '';
    await erase({ buyer_id: id });
    const timeline = (await get(`/orders/${orderId}/timeline`))['events'] as Json[];
    expect(timeline.at(-1)).toMatchObject({ type: 'order.buyer_erased', source: 'service' });
    expect(JSON.stringify(timeline)).toContain('[erased]');
    const { rows } = await shop.world.owner.query<{ changed: string[] }>(
      `select changed from event_log.outbox where order_id = $1 and 'order.buyer_erased' = any (topics)`,
      [orderId],
    );
    expect(rows).toEqual([{ changed: expect.arrayContaining(['buyer']) }]);
  });
});
