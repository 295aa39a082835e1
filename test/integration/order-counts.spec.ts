import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TestingModule } from '@nestjs/testing';
import pg from 'pg';
import { Problem } from '../../src/core/problem.js';
import { isCounted } from '../../src/orders/order-counts.js';
import { OrderCountsReadModel } from '../../src/orders/order-counts.read-model.js';
import { countQuery, type OrderFilter } from '../../src/orders/order-list-query.js';
import { OrderRecorder } from '../../src/orders/order-recorder.service.js';
import { OrdersModule } from '../../src/orders/orders.module.js';
import { OrdersReadModel } from '../../src/orders/orders.read-model.js';
import { Database } from '../../src/platform/database/database.js';
import { TechnicalFlags } from '../../src/technical-flags/technical-flags.service.js';
import { formReading, inventedForm } from '../support/invented-orders.js';
import { startContext } from '../support/service-context.js';
import { cloneDatabase, type TestDatabase } from '../support/test-database.js';

const NO_FILTER: OrderFilter = { status: null, from: null, to: null, stockUpdated: null, invoiceCreated: null, invoiceId: null };
const STATUSES = ['NEW', 'PROCESSING', 'SENT'];
const ROUNDS = 25;

let database: TestDatabase;
let context: TestingModule;

beforeAll(async () => {
  database = await cloneDatabase();
  context = await startContext(database, { imports: [OrdersModule] });
});

afterAll(async () => {
  await context.close();
  await database.drop();
});

const orderId = (index: number) => `order-${String(index)}`;

async function record(accountId: string, round: number, orders: readonly number[]): Promise<void> {
  const status = STATUSES[round % STATUSES.length] ?? 'NEW';
  const minute = String(round % 60).padStart(2, '0');
  const forms = orders.map((index) =>
    formReading(inventedForm(orderId(index), { fulfillment: { status } }), `2026-03-01T1${String(round % 10)}:${minute}:00Z`),
  );
  await context.get(OrderRecorder).record({ accountId, fence: null, actor: 'sync', journal: [], forms });
}

/** A sync that lost its races against people asks again in its next run. */
async function recordAtLast(accountId: string, round: number, orders: readonly number[]): Promise<void> {
  await record(accountId, round, orders).catch((error: unknown) => {
    if (error instanceof Problem && error.code === 'WRITE_CONFLICT') return recordAtLast(accountId, round, orders);
    throw error;
  });
}

async function flag(accountId: string, index: number, value: boolean): Promise<void> {
  const stock = { commands: [{ command: { kind: 'stock' as const, isStockUpdated: value }, dedupKey: randomUUID() }], ifMatch: null, claim: null };
  await context.get(TechnicalFlags).change({ accountId, actor: 'user:test', at: new Date(), changes: [{ orderId: orderId(index), ...stock }] });
}

const rows = (sql: string, accountId: string) => context.get(Database).query<Record<string, unknown>>(sql, [accountId]);
const fold = (accountId: string) => rows('select fold_order_counts($1)', accountId);
const recount = async (accountId: string) => (await rows('select recount_orders($1) as differs', accountId))[0]?.['differs'];

/** What the orders themselves say. */
async function counted(accountId: string, filter: OrderFilter): Promise<number> {
  const { sql, params } = countQuery(accountId, filter, 'orders');
  return (await context.get(Database).query<{ total: number }>(sql, params))[0]?.total ?? -1;
}

const FILTERS: Partial<OrderFilter>[] = [
  {},
  ...STATUSES.map((status) => ({ status })),
  { status: 'READY_FOR_PROCESSING', stockUpdated: true },
  { stockUpdated: true, invoiceCreated: false },
  { stockUpdated: false, columns: { marketplace: 'allegro-pl', payment_type: 'ONLINE', delivery_method: 'Locker', fulfillment_status: 'SENT' } },
  { columns: { marketplace: 'allegro-cz' } },
];

async function expectExact(accountId: string): Promise<void> {
  for (const filter of FILTERS.map((changes) => ({ ...NO_FILTER, ...changes }))) {
    const { matching } = await context.get(OrderCountsReadModel).of(accountId, filter);
    expect({ filter, matching }).toEqual({ filter, matching: await counted(accountId, filter) });
  }
}

describe('the counts of the orders of an account', () => {
  it('stay exact while forms and flags of the same orders are written at the same time and sums are folded', async () => {
    const accountId = '7001';
    const all = Array.from({ length: 12 }, (_, index) => index);
    await record(accountId, 0, all);
    let writing = true;
    const folding = (async () => {
      while (writing) await fold(accountId);
    })();
    const forms = async () => {
      for (let round = 1; round <= ROUNDS; round += 1) await recordAtLast(accountId, round, all);
    };
    const flags = async (turn: number) => {
      for (let round = 0; round < ROUNDS; round += 1) await flag(accountId, (round * 5 + turn) % all.length, (round + turn) % 3 !== 0);
    };
    await Promise.all([forms(), flags(0), flags(1), flags(2)]).finally(() => (writing = false));
    await folding;
    await expectExact(accountId);
    expect(await recount(accountId)).toBe(false);
    await fold(accountId);
    await expectExact(accountId);
    expect(await rows('select from order_counts where account_id = $1 and (not is_sum or orders < 1)', accountId)).toHaveLength(0);
  });

  it('are nobody else’s', async () => {
    await record('7002', 0, [1, 2]);
    await record('7003', 0, [1]);
    expect(await context.get(OrderCountsReadModel).of('7002', NO_FILTER)).toEqual({ matching: 2, byFlags: 2, byColumns: 2 });
    expect(await context.get(OrderCountsReadModel).of('7004', NO_FILTER)).toEqual({ matching: 0, byFlags: 0, byColumns: 0 });
  });

  it('that became wrong are found and put right from the orders', async () => {
    await record('7005', 0, [1, 2, 3]);
    const owner = new pg.Client(database.ownerUrl);
    await owner.connect();
    await owner.query('update order_counts set orders = orders + 1 where account_id = 7005').finally(() => owner.end());
    expect(await recount('7005')).toBe(true);
    await expectExact('7005');
  });

  it('are the totals of lists, whichever table leads; what they do not hold is counted from the orders', async () => {
    const accountId = '7006';
    await record(accountId, 0, [1, 2, 3, 4]);
    await flag(accountId, 1, true);
    const list = (changes: Partial<OrderFilter>) => context.get(OrdersReadModel).list(accountId, { ...NO_FILTER, ...changes }, { limit: 2, offset: 0 });
    expect(await list({ stockUpdated: true })).toMatchObject({ total: 1, states: [{}], last: null });
    expect(await list({ stockUpdated: false })).toMatchObject({ total: 3, last: expect.objectContaining({}) });
    expect(await list({ columns: { marketplace: 'allegro-hu' } })).toEqual({ total: 0, states: [], last: null });
    expect(await list({ stockUpdated: true, from: new Date('2027-01-01') })).toMatchObject({ total: 0, states: [] });
    expect(await list({ stockUpdated: false, to: new Date('2027-01-01') })).toMatchObject({ total: 3 });
    expect([{}, { from: new Date(0) }, { dispatchTo: new Date(0) }, { invoiceId: 'FV/1' }].map((changes) => isCounted({ ...NO_FILTER, ...changes }))).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });
});
