import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Database } from '../../src/platform/database/database.js';
import { inventedForm } from '../support/invented-orders.js';
import { boughtAt, OrderWorld } from '../support/order-world.js';

let world: OrderWorld;

beforeAll(async () => {
  world = await OrderWorld.start();
});

afterAll(async () => {
  await world.stop();
});

const HOUR_MS = 3_600_000;
const hoursAgo = (hours: number) => new Date(Date.now() - hours * HOUR_MS).toISOString();
const total = (amount: string, currency: string) => ({ summary: { totalToPay: { amount, currency } } });
const by = (email: string) => ({ buyer: { id: email, email, login: email } });
const dayIn = (timeZone: string, at: string) => new Intl.DateTimeFormat('sv-SE', { timeZone }).format(new Date(at));

describe('the statistics of an account', () => {
  it('are exact, by currency and of the period, and count a cancelled order without its money', async () => {
    const shop = world.shop();
    const old = '2024-01-01T12:00:00.000Z';
    await shop.read([
      inventedForm('a', { ...total('0.10', 'PLN'), ...by('ewa@example.com'), ...boughtAt(hoursAgo(1)) }),
      inventedForm('b', { ...total('0.20', 'PLN'), ...by('ewa@example.com'), ...boughtAt(hoursAgo(1)) }),
      inventedForm('c', { ...total('100000000000000.01', 'CZK'), ...by('jan@example.com'), ...boughtAt(hoursAgo(1)), marketplace: { id: 'allegro-cz' } }),
      inventedForm('d', { ...total('7.00', 'PLN'), ...by('jan@example.com'), ...boughtAt(hoursAgo(1)), status: 'CANCELLED' }),
      inventedForm('e', { ...total('9.00', 'PLN'), ...boughtAt(old) }),
    ]);
    const { status, body } = await shop.call('/statistics', { query: { days: '7' } });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      period_days: 7,
      total_orders: 5,
      recent_orders: 4,
      status_distribution: { READY_FOR_PROCESSING: 4, CANCELLED: 1 },
      recent_status_distribution: { READY_FOR_PROCESSING: 3, CANCELLED: 1 },
      by_marketplace: { 'allegro-pl': 3, 'allegro-cz': 1 },
      financial: {
        currency: 'PLN',
        total_revenue: 0.3,
        average_order_value: 0.15,
        orders_with_revenue: 2,
        by_currency: {
          PLN: { total_revenue: '0.30', average_order_value: '0.15', orders_with_revenue: 2 },
          CZK: { total_revenue: '100000000000000.01', average_order_value: '100000000000000.01', orders_with_revenue: 1 },
        },
      },
      top_buyers: [
        { email: 'ewa@example.com', orders_count: 2, total_spent: 0.3, by_currency: { PLN: '0.30' } },
        { email: 'jan@example.com', orders_count: 2, total_spent: 0, by_currency: { CZK: '100000000000000.01' } },
      ],
      generated_at: expect.stringMatching(/Z$/),
    });
  });

  it.each(['Europe/Warsaw', 'Pacific/Kiritimati', 'Pacific/Pago_Pago'])('are counted by the days of %s', async (tz) => {
    const shop = world.shop();
    const times = [1, 13, 25].map(hoursAgo);
    await shop.read(times.map((at, index) => inventedForm(`o${String(index)}`, boughtAt(at))));
    const { body } = await shop.call('/statistics', { query: { days: '3', ...(tz === 'Europe/Warsaw' ? {} : { tz }) } });
    const days = [...new Set(times.map((at) => dayIn(tz, at)))].sort();
    const expected = days.map((day) => ({ day, orders: times.filter((at) => dayIn(tz, at) === day).length, by_currency: expect.anything() }));
    expect([body['time_zone'], body['by_day']]).toEqual([tz, expected]);
  });

  it('count merged purchases once', async () => {
    const shop = world.shop();
    await shop.read(['parent', 'child'].map((id) => inventedForm(id, boughtAt(hoursAgo(1)))));
    await world.testApp.app.get(Database).query(`update orders set merged_into = 'child' where account_id = $1 and order_id = 'parent'`, [shop.accountId]);
    const { body } = await shop.call('/statistics');
    expect(body).toMatchObject({ total_orders: 1, recent_orders: 1, financial: { total_revenue: 123 } });
  });

  it('of nothing are zeros, never an error', async () => {
    const { body } = await world.shop().call('/statistics');
    expect(body).toMatchObject({
      total_orders: 0,
      status_distribution: {},
      financial: { total_revenue: 0, average_order_value: 0, by_currency: {} },
      top_buyers: [],
    });
  });

  it.each([{ days: '0' }, { days: '366' }, { tz: 'Mars/Olympus' }])('refuse %j', async (query) => {
    const { status, body } = await world.shop().call('/statistics', { query: query as unknown as Record<string, string> });
    expect([status, body['code']]).toEqual([422, 'VALIDATION_FAILED']);
  });
});
