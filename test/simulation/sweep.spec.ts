import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DisturbedShop, type Swept } from '../support/disturbed-shop.js';

const ORDERS = 600;
const TIMEOUT_MS = 400_000;

describe(`a sweep of ${String(ORDERS)} orders whose journal hides, delays, doubles and shuffles events while orders are merged`, () => {
  let shop: DisturbedShop;
  let swept: Swept;

  beforeAll(async () => {
    shop = await DisturbedShop.open(ORDERS);
    swept = await shop.sweep();
  }, TIMEOUT_MS);
  afterAll(() => shop.close());

  const get = (path: string) => shop.service.call('GET', `${path}?token_id=${shop.account.tokenId}`);

  it('leaves every order as it is at Allegro, and stores nothing twice', () => {
    expect(swept.differencesBefore.length).toBeGreaterThan(3);
    expect(swept.differencesAfter).toEqual([]);
    expect(swept.doubled).toBe(0);
  });

  it('ends with a certificate that names exactly the orders it healed', () => {
    const { certificate, differencesBefore } = swept;
    expect([...certificate.healed].sort()).toEqual([...differencesBefore]);
    expect(certificate.counts).toMatchObject({ healed: differencesBefore.length, held: 0, rejected: 0, announced_not_landed: 0, missing_at_allegro: 0 });
    expect(certificate).toMatchObject({ status: 'FINISHED', complete: true, completeness: 100 });
    expect((certificate.counts['equal'] ?? 0) + differencesBefore.length).toBe(shop.world.sandbox.orderIds().length);
  });

  it('finds everything equal the next time', async () => {
    const again = await shop.sweep();
    expect(again.certificate.counts).toMatchObject({ equal: shop.world.sandbox.orderIds().length, healed: 0 });
    expect(again.doubled).toBe(0);
  });

  it('is told of in the log of the account and listed, to its tenant alone', async () => {
    const { rows } = await shop.world.owner.query<{ payload: { certificate_id: string } }>(
      `select payload from event_log.order_events where account_id = $1 and order_id = '' and type = 'account.certified'`,
      [shop.account.accountId],
    );
    expect(rows.map(({ payload }) => payload.certificate_id)).toContain(swept.certificate['id']);
    expect((await get('/certificates')).body).toMatchObject({ total: rows.length });
    const path = `/certificates/${String(swept.certificate['id'])}?token_id=${shop.account.tokenId}`;
    expect(await shop.service.call('GET', path, undefined, 'tenant-b')).toMatchObject({ status: 404, body: { code: 'TOKEN_NOT_FOUND' } });
    expect(await get('/certificates/nothing')).toMatchObject({ status: 404, body: { code: 'CERTIFICATE_NOT_FOUND' } });
  });

  it('links merged purchases to their successors, which alone are listed and counted, and owes nothing of them', async () => {
    expect(swept.parents.length).toBeGreaterThan(3);
    const { rows } = await shop.world.owner.query<{ order_id: string; merged_into: string | null }>(
      'select order_id, merged_into from orders where account_id = $1',
      [shop.account.accountId],
    );
    const into = new Map(rows.map((row) => [row.order_id, row.merged_into]));
    for (const parent of swept.parents.filter(({ id }) => into.has(id))) expect([parent.id, into.get(parent.id)]).toEqual([parent.id, parent.into]);
    const { body } = await get('/orders');
    expect(body['pagination']).toMatchObject({ total: shop.world.sandbox.orderIds().length });
    const owed = await shop.world.owner.query('select order_id from owed_forms where account_id = $1', [shop.account.accountId]);
    expect(owed.rows).toEqual([]);
  });
});
