import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { JsonObject } from '../../src/core/json.js';
import { DaySums, dayRange } from '../../src/orders/day-sums.read-model.js';
import { OrderRecorder } from '../../src/orders/order-recorder.service.js';
import { OrderReplay } from '../../src/orders/order-replay.service.js';
import { Database } from '../../src/platform/database/database.js';
import { query } from '../../src/platform/database/transaction.js';
import { EventReader } from '../../src/platform/event-log/event-reader.js';
import { formReading, inventedEvent, inventedForm, journalReading } from '../support/invented-orders.js';
import { naiveBuyers, naiveDurations, naiveOffers, naiveSales, type ReplayedOrder, replayed } from '../support/naive-sums.js';
import { OrderWorld, type Shop } from '../support/order-world.js';

/** Each run stores some thirty readings; more of them find nothing that these do not. */
const RUNS = 12;
const START = Date.UTC(2026, 1, 26);
const MINUTE_MS = 60_000;
/** The orders and whose they are. */
const BUYERS: Readonly<Record<string, string>> = { one: 'ewa', two: 'ewa', three: 'ewa', four: 'jan', five: 'ola' };
const ORDERS = Object.keys(BUYERS);

let world: OrderWorld;
beforeAll(async () => {
  world = await OrderWorld.start();
});
afterAll(() => world.stop());

const at = (minutes: number) => new Date(START + minutes * MINUTE_MS).toISOString();
/** Five weeks around a change of month and the change of clocks. */
const minute = fc.nat(50_000);
const line = fc.record({ offer: fc.constantFrom('11', '12', '13'), quantity: fc.integer({ min: 1, max: 4 }), price: fc.constantFrom('0.10', '19.99', '70') });
const reading = fc.record({
  order: fc.constantFrom(...ORDERS),
  bought: minute,
  status: fc.constantFrom('BOUGHT', 'READY_FOR_PROCESSING', 'READY_FOR_PROCESSING', 'READY_FOR_PROCESSING', 'CANCELLED'),
  fulfillment: fc.constantFrom('NEW', 'NEW', 'PROCESSING', 'SENT', 'SENT', 'PICKED_UP', 'RETURNED', 'CANCELLED'),
  marketplace: fc.constantFrom('allegro-pl', 'allegro-cz'),
  total: fc.option(fc.record({ amount: fc.constantFrom('0.10', '0.20', '123.45', '99999999999.99'), currency: fc.constantFrom('PLN', 'CZK') }), { nil: null }),
  lines: fc.array(line, { minLength: 1, maxLength: 3 }),
});
type Reading = typeof reading extends fc.Arbitrary<infer Value> ? Value : never;
const happening = fc.record({
  order: fc.constantFrom(...ORDERS),
  type: fc.constantFrom('READY_FOR_PROCESSING', 'FULFILLMENT_STATUS_CHANGED'),
  occurred: minute,
});
const step = fc.record({ seen: minute, readings: fc.array(reading, { maxLength: 4 }), journal: fc.array(happening, { maxLength: 2 }) });

function formOf({ order, bought, status, fulfillment, marketplace, total, lines }: Reading, seen: number): JsonObject {
  const buyer = BUYERS[order] ?? '';
  return inventedForm(order, {
    ...{ status, marketplace: { id: marketplace }, fulfillment: { status: fulfillment }, updatedAt: at(seen), summary: { totalToPay: total } },
    buyer: { id: buyer, email: `${buyer}+${order}@example.com`, login: buyer },
    lineItems: lines.map(({ offer, quantity, price }, index) => ({
      ...{ id: `${order}-${String(index)}`, quantity, price: { amount: price, currency: total?.currency ?? 'PLN' }, boughtAt: at(bought) },
      offer: { id: offer, name: `offer ${offer}` },
    })),
  });
}

let events = 0;
async function record(shop: Shop, { seen, readings, journal }: typeof step extends fc.Arbitrary<infer Value> ? Value : never): Promise<void> {
  await world.testApp.app.get(OrderRecorder).record({
    ...{ accountId: shop.accountId, fence: null, actor: 'sync' },
    forms: readings.map((one) => formReading(formOf(one, seen), at(seen))),
    journal: journal.map(({ order, type, occurred }) => {
      events += 1;
      const event = inventedEvent(`e${String(events)}`, order, type);
      return journalReading({ ...event, occurredAt: at(occurred), order: { ...(event['order'] as JsonObject), buyer: { id: BUYERS[order] ?? '' } } }, at(seen));
    }),
  });
}

async function replayedOrders(shop: Shop): Promise<ReplayedOrder[]> {
  const streams = await world.testApp.app.get(EventReader).streams(shop.accountId, ORDERS);
  return [...streams.values()].flatMap((stream) => replayed(stream) ?? []);
}

async function expectAsReplayed(shop: Shop, [from, to]: readonly [number, number], marketplace: string | null): Promise<void> {
  const sums = world.testApp.app.get(DaySums);
  const orders = (await replayedOrders(shop)).filter(
    (order) => order.orderedAt >= Date.parse(at(from)) && order.orderedAt < Date.parse(at(to)) && (marketplace === null || order.marketplace === marketplace),
  );
  const asked = { accountId: shop.accountId, range: dayRange(new Date(at(from)), new Date(at(to))), marketplace };
  const sales = (await sums.sales(asked, 'day')).map(({ average: _average, ...sale }) => sale);
  expect(exact(sales)).toEqual(exact(naiveSales(orders, ({ day }) => day)));
  const offers = await sums.offers(asked, { by: 'quantity', currency: null, limit: 100 });
  expect(offers.map(({ offerId, quantity }) => ({ offerId, quantity }))).toEqual(naiveOffers(orders).map(({ offerId, quantity }) => ({ offerId, quantity })));
  const buyers = (await sums.buyers(asked, { by: 'all', currency: null, limit: 100 })).map(({ login, orders: count, cancelled }) => ({
    login,
    orders: count,
    cancelled,
  }));
  expect(buyers.sort((one, other) => ((one.login ?? '') < (other.login ?? '') ? -1 : 1))).toEqual(
    naiveBuyers(orders).map(({ login, orders: count, cancelled }) => ({ login, orders: count, cancelled })),
  );
  expect(await sums.durations(asked, 'day')).toEqual(naiveDurations(orders));
}

/** 0 and 0.00 are one amount. */
const exact = (sales: readonly { revenue: string; cancelledAmount: string }[]) =>
  sales.map((sale) => ({
    ...sale,
    revenue: sale.revenue === '0' ? '0.00' : sale.revenue,
    cancelledAmount: sale.cancelledAmount === '0' ? '0.00' : sale.cancelledAmount,
  }));

describe('the sums per day', () => {
  it('of any history and any span are what its replayed orders add up to, before and after their projections are rebuilt', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 8 }), minute, minute, async (steps, one, other) => {
        const shop = world.shop();
        for (const taken of [...steps].sort((before, after) => before.seen - after.seen)) await record(shop, taken);
        const spans = [[0, 60_000] as const, [Math.min(one, other), Math.max(one, other)] as const];
        for (const span of spans) await expectAsReplayed(shop, span, null);
        await world.testApp.app.get(Database).query(`update orders set status = 'LOST', total_amount = 1 where account_id = $1`, [shop.accountId]);
        for (const orderId of ORDERS) await world.testApp.app.get(OrderReplay).rebuild(shop.accountId, orderId);
        for (const span of spans) await expectAsReplayed(shop, span, 'allegro-pl');
      }),
      { numRuns: RUNS },
    );
  });

  it('of many writers of one account at once are complete: none waits for the day of another, and a count anew finds the same', async () => {
    const shop = world.shop();
    const changes = (index: number): Reading => ({
      ...{ order: ORDERS[index % ORDERS.length] ?? '', bought: 100, marketplace: 'allegro-pl', total: { amount: '0.10', currency: 'PLN' } },
      ...{ status: 'READY_FOR_PROCESSING', fulfillment: index < ORDERS.length ? 'NEW' : 'SENT', lines: [{ offer: '11', quantity: 1, price: '0.10' }] },
    });
    for (const round of [0, 1]) {
      const readings = ORDERS.map((_, index) => record(shop, { seen: 200 + round, readings: [changes(round * ORDERS.length + index)], journal: [] }));
      await Promise.all(readings);
    }
    await expectAsReplayed(shop, [0, 60_000], null);
    await world.testApp.app.get(Database).query('select recount_order_statistics($1)', [shop.accountId]);
    await expectAsReplayed(shop, [0, 60_000], null);
  });

  it('wait for nobody: a writer that has not committed leaves the day to the others', async () => {
    const shop = world.shop();
    const reading: Reading = {
      ...{ order: 'one', bought: 100, marketplace: 'allegro-pl', total: null, status: 'BOUGHT', fulfillment: 'NEW' },
      lines: [{ offer: '11', quantity: 1, price: '0.10' }],
    };
    await record(shop, { seen: 200, readings: [reading], journal: [] });
    await world.testApp.app.get(Database).transaction(async (tx) => {
      for (const status of ['CANCELLED', 'BOUGHT']) await query(tx, 'update orders set status = $2 where account_id = $1', [shop.accountId, status]);
      await record(shop, { seen: 200, readings: [{ ...reading, order: 'two' }], journal: [] });
    });
    await expectAsReplayed(shop, [0, 60_000], null);
  });
});
