import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { BoundSql } from '../../src/orders/bound-sql.js';
import { leadOf, type OrderCounts, orderCountsQuery } from '../../src/orders/order-counts.js';
import { countQuery, type ListPage, type OrderFilter } from '../../src/orders/order-list-query.js';
import { indexedQuery, type SearchPlace, walkedQuery } from '../../src/orders/order-search-query.js';
import { SEARCH_SETTINGS } from '../../src/orders/order-search.read-model.js';
import { pageStatesQuery } from '../../src/orders/orders.read-model.js';
import { searchTerms } from '../../src/orders/search-terms.js';
import { contained } from '../../src/orders/search-wanted.js';
import { accountKey } from '../../src/orders/search-window.js';
import { plannedOrders } from '../support/planned-orders.js';
import { cloneDatabase, type TestDatabase } from '../support/test-database.js';

const ACCOUNT = '1';
const ALL: OrderFilter = { status: null, from: null, to: null, stockUpdated: null, invoiceCreated: null, invoiceId: null };
const FIRST_PAGE: ListPage = { limit: 51, offset: 0 };
const AFTER = { sortedAt: '2026-10-01T00:00:00Z', streamId: '1001000' };

let database: TestDatabase;
let owner: pg.Client;

beforeAll(async () => {
  database = await cloneDatabase();
  owner = new pg.Client(database.ownerUrl);
  await owner.connect();
  await plannedOrders(owner);
});

afterAll(async () => {
  await owner.end();
  await database.drop();
});

/** Every filter of the list alone, and those that are used together. */
const FILTERS: readonly [string, Partial<OrderFilter>][] = [
  ['nothing', {}],
  ['status, of either axis', { status: 'SENT' }],
  ['a rare status', { status: 'CANCELLED' }],
  ['stock not updated', { stockUpdated: false }],
  ['stock updated', { stockUpdated: true }],
  ['no invoice', { invoiceCreated: false }],
  ['an invoice', { invoiceCreated: true }],
  ['an invoice id', { invoiceId: 'FV/1000007' }],
  ['dates', { from: new Date('2026-10-01'), to: new Date('2026-10-08') }],
  ['order status', { columns: { status: 'BOUGHT' } }],
  ['fulfilment status', { columns: { fulfillment_status: 'NEW' } }],
  ['a rare marketplace', { columns: { marketplace: 'allegro-hu' } }],
  ['the usual marketplace', { columns: { marketplace: 'allegro-pl' } }],
  ['payment', { columns: { payment_type: 'CASH_ON_DELIVERY' } }],
  ['delivery method', { columns: { delivery_method: 'Method 7' } }],
  ['dispatch deadline', { dispatchFrom: new Date('2026-10-01'), dispatchTo: new Date('2026-10-02') }],
  ['status and stock not updated', { status: 'SENT', stockUpdated: false }],
  ['status and stock updated', { status: 'SENT', stockUpdated: true }],
  ['a rare status and stock updated', { status: 'CANCELLED', stockUpdated: true }],
  ['both flags', { stockUpdated: true, invoiceCreated: false }],
  ['dates and no invoice', { invoiceCreated: false, from: new Date('2026-10-01'), to: new Date('2026-10-08') }],
  ['marketplace and stock not updated', { stockUpdated: false, columns: { marketplace: 'allegro-cz' } }],
];

/** Nodes, indexes and conditions without the figures: for these values, and for any, which is what a connection keeps after some calls. */
async function plansOf({ sql, params }: BoundSql): Promise<{ readonly chosen: string; readonly kept: string }> {
  const explained = async (options: string, values: readonly unknown[]) => {
    const { rows } = await owner.query<{ 'QUERY PLAN': string }>(`explain (costs off${options}) ${sql}`, [...values]);
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  };
  return { chosen: await explained('', params), kept: await explained(', generic_plan', []) };
}

async function leadFor(filter: OrderFilter): Promise<ListPage> {
  const { sql, params } = orderCountsQuery(ACCOUNT, filter);
  const { rows } = await owner.query<OrderCounts>(sql, [...params]);
  return { ...FIRST_PAGE, lead: leadOf(filter, rows[0] ?? { matching: 0, byFlags: 0, byColumns: 0 }) };
}

/** The part of a plan in which plans differ: how the rows of a page are found; their documents follow by key. */
const pagePart = (plan: string) => plan.slice(plan.indexOf('CTE page'), plan.indexOf('\n  ->  Nested Loop\n'));

describe('the plan of a page of orders by', () => {
  it.each(FILTERS)('%s', async (_, changes) => {
    const filter = { ...ALL, ...changes };
    const { chosen, kept } = await plansOf(pageStatesQuery(ACCOUNT, filter, await leadFor(filter)));
    expect(pagePart(kept)).toMatchSnapshot();
    for (const plan of [chosen, kept]) expect(plan).not.toMatch(/Seq Scan/);
  });
});

const PAGES: readonly [string, Partial<OrderFilter>, Partial<ListPage>][] = [
  ['behind a cursor', {}, { after: AFTER }],
  ['behind a cursor, of a status', { status: 'SENT' }, { after: AFTER }],
  ['behind an offset, of a status', { status: 'SENT' }, { offset: 100 }],
  ['by their last change', {}, { sort: 'updated' }],
  ['by their last change, behind a cursor', {}, { sort: 'updated', after: AFTER }],
];

describe('the plan of a page of orders', () => {
  it.each(PAGES)('%s', async (_, changes, place) => {
    const { chosen, kept } = await plansOf(pageStatesQuery(ACCOUNT, { ...ALL, ...changes }, { ...FIRST_PAGE, ...place }));
    expect(pagePart(kept)).toMatchSnapshot();
    for (const plan of [chosen, kept]) expect(plan).not.toMatch(/Seq Scan/);
  });
});

const COUNTED: readonly [string, Partial<OrderFilter>][] = [
  ['dates', { from: new Date('2026-10-01'), to: new Date('2026-10-08') }],
  ['a dispatch deadline', { dispatchFrom: new Date('2026-10-01'), dispatchTo: new Date('2026-10-02') }],
  ['dates and a flag', { invoiceCreated: false, from: new Date('2026-10-01'), to: new Date('2026-10-08') }],
  ['an invoice id', { invoiceId: 'FV/1000007' }],
];

describe('the plan of a count of orders', () => {
  it('of what is kept in sums reads a few rows of its account', async () => {
    const { kept } = await plansOf(orderCountsQuery(ACCOUNT, { ...ALL, status: 'SENT', stockUpdated: false }));
    expect(kept).toMatchSnapshot();
    const { rows } = await owner.query<{ rows: string }>('select count(*) as rows from order_counts where account_id = $1', [ACCOUNT]);
    expect(Number(rows[0]?.rows)).toBeLessThan(2_000);
  });

  it.each(COUNTED)('by %s', async (_, changes) => {
    const filter = { ...ALL, ...changes };
    const { lead } = await leadFor(filter);
    const { chosen } = await plansOf(countQuery(ACCOUNT, filter, lead ?? 'orders'));
    expect(chosen).toMatchSnapshot();
    expect(chosen).not.toMatch(/Seq Scan/);
  });
});

const SEARCHED: readonly [string, string][] = [
  ['a common word', 'mug'],
  ['two words', 'nobody7 invented'],
  ['a number', '+48 600 700 800'],
  ['the beginning of an id', '0123abcd-0000'],
];
const SEARCH_FLAGS: readonly [string, Partial<SearchPlace>][] = [
  ['', {}],
  [' of orders without invoice', { invoiceCreated: false }],
  [' of orders with stock updated', { stockUpdated: true }],
  [' of an invoice id', { invoiceId: 'FV/1000007' }],
];

/** Under the settings that a search has. */
async function searchPlan(search: BoundSql): Promise<string> {
  await owner.query('begin');
  try {
    for (const [name, value] of Object.entries(SEARCH_SETTINGS)) await owner.query(`select set_config($1, $2, true)`, [name, value]);
    return (await plansOf(search)).chosen;
  } finally {
    await owner.query('rollback');
  }
}

/** What a plan reads, and by which index; between them a search only counts and sorts. */
const readsOf = (plan: string) => plan.match(/\w[\w ]* Scan (?:using|on) .*|Index Cond: .*/g)?.join('\n');

describe('the plan of a search for', () => {
  it.each(SEARCHED.flatMap(([what, query]) => SEARCH_FLAGS.map(([flags, place]) => [`${what}${flags}`, query, place] as const)))(
    '%s',
    async (_, query, flags) => {
      const place = { accountId: ACCOUNT, stockUpdated: null, invoiceCreated: null, invoiceId: null, limit: 50, offset: 0, ...flags };
      const wanted = contained(searchTerms(query));
      for (const search of [walkedQuery(place, wanted), indexedQuery(place, wanted, [accountKey(ACCOUNT)])]) {
        const plan = await searchPlan(search);
        expect(readsOf(plan)).toMatchSnapshot();
        expect(plan).not.toMatch(/Seq Scan on order/);
      }
    },
  );
});
