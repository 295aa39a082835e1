import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../src/core/json.js';
import { shareOfCorrupted } from '../support/corrupted-share.js';
import { DisturbedShop } from '../support/disturbed-shop.js';
import type { Json } from '../support/service.js';

interface Certificate extends Json {
  readonly counts: Readonly<Record<string, number>>;
  readonly findings: readonly { readonly order_id: string; readonly finding: string }[];
}

const DAY_MS = 86_400_000;
let shop: DisturbedShop;

beforeAll(async () => {
  shop = await DisturbedShop.open(0);
  shop.world.sandbox.setFaults('');
}, 60_000);

afterAll(() => shop.close());

async function sweep(body: Json = {}): Promise<Certificate> {
  const { status, result } = await shop.ended(await shop.start('/sync/sweep', body));
  expect(status).toBe('SUCCESS');
  const id = String((result as Json)['certificate_id']);
  return (await shop.service.call('GET', `/certificates/${id}?token_id=${shop.account.tokenId}`)).body as Certificate;
}

const boughtAt = (form: JsonObject): number => Date.parse(String((form['lineItems'] as { boughtAt: string }[])[0]?.boughtAt));

describe('a sweep that is asked for', () => {
  it('covers the days it is asked for and no others', async () => {
    const [from, to] = [Date.now() - 60 * DAY_MS, Date.now() - 2 * DAY_MS];
    const within = shop.world.sandbox.orders().filter((form) => boughtAt(form) >= from && boughtAt(form) <= to);
    const certificate = await sweep({ from_date: new Date(from).toISOString(), to_date: new Date(to).toISOString() });
    expect(within.length).toBeGreaterThan(5);
    expect(certificate).toMatchObject({ listed: within.length, counts: { equal: within.length }, complete: true });
    expect(certificate['from_date']).toBe(new Date(from).toISOString());
  });

  it('is not complete while Allegro lists something that is no order, and is when it has healed', async () => {
    const { sandbox } = shop.world;
    sandbox.corrupt({ kind: 'nothing', share: shareOfCorrupted(sandbox.orderIds(), 3) });
    const certificate = await sweep();
    expect(certificate).toMatchObject({ complete: false });
    expect(certificate['completeness']).toBeLessThan(100);
    expect(certificate['unlistable']).toBe(3);
    sandbox.corrupt({ kind: null });
    expect(await sweep()).toMatchObject({ complete: true, completeness: 100, unlistable: 0 });
  });

  it('is refused for days that end before they begin, and for an account of somebody else', async () => {
    const body = { token_id: shop.account.tokenId, from_date: '2026-02-02', to_date: '2026-02-01' };
    expect(await shop.service.call('POST', '/sync/sweep', body)).toMatchObject({ status: 422, body: { code: 'VALIDATION_FAILED' } });
    expect(await shop.service.call('POST', '/sync/sweep', { token_id: shop.account.tokenId }, 'tenant-b')).toMatchObject({ status: 404 });
  });

  it('names an order that Allegro has forgotten, and lacks nothing by it', async () => {
    const [forgotten = ''] = shop.world.sandbox.createOrders({ count: 1, kind: 'cod' });
    shop.world.sandbox.advanceClock(60_000);
    await shop.sync();
    await shop.world.owner.query(`update orders set ordered_at = ordered_at - interval '3 days' where order_id = $1`, [forgotten]);
    shop.world.sandbox.setOrderFault(forgotten, 'missing');
    const certificate = await sweep({ to_date: new Date(Date.now() - 2 * DAY_MS).toISOString() });
    shop.world.sandbox.setOrderFault(forgotten, null);
    expect(certificate.findings).toEqual([{ order_id: forgotten, finding: 'gone', detail: null }]);
    expect(certificate).toMatchObject({ counts: { missing_at_allegro: 1 }, complete: true });
    expect((await shop.world.owner.query('select order_id from owed_forms')).rows).toEqual([]);
  });

  it('never certifies 100 % over an order that is held, and names it', async () => {
    const kinds = shop.world.sandbox.kinds();
    const damaged = shop.world.sandbox.orders().length;
    shop.world.sandbox.corrupt({ kind: 'totals', share: 0.04 });
    const certificate = await sweep();
    shop.world.sandbox.corrupt({ kind: null });
    const held = certificate.findings.filter(({ finding }) => finding === 'held').map(({ order_id: orderId }) => orderId);
    expect([held.length > 0, Object.keys(kinds).length]).toEqual([true, damaged]);
    expect(certificate).toMatchObject({ complete: false, held, counts: { held: held.length, healed: 0 } });
    expect(certificate['completeness']).toBeLessThan(100);
    expect(await shop.truth().differences()).toEqual([]);
  });
});
