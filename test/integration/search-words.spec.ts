import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import pg from 'pg';
import { foldText } from '../../src/orders/fold-text.js';
import { indexedQuery, type SearchPlace, walkedQuery } from '../../src/orders/order-search-query.js';
import { OrderSearch, SEARCH_SETTINGS } from '../../src/orders/order-search.read-model.js';
import { searchTerms } from '../../src/orders/search-terms.js';
import { contained, type Wanted } from '../../src/orders/search-wanted.js';
import { Database, type Query } from '../../src/platform/database/database.js';
import { OrderWorld } from '../support/order-world.js';

const NO_FLAGS = { stockUpdated: null, invoiceCreated: null, invoiceId: null };

let world: OrderWorld;
let owner: pg.Client;

beforeAll(async () => {
  world = await OrderWorld.start();
  owner = new pg.Client(world.ownerUrl);
  await owner.connect();
});

afterAll(async () => {
  await owner.end();
  await world.stop();
});

interface Row {
  readonly text: string;
  readonly login?: string;
  readonly codes?: readonly string[];
  readonly stock?: boolean;
}

/** Orders as the projection leaves them, the last one the newest, an hour between them. */
async function fill(accountId: string, rows: readonly Row[]): Promise<number> {
  const [{ first } = { first: 0 }] = (await owner.query<{ first: number }>('select coalesce(max(stream_id), 0)::int as first from orders')).rows;
  const values = rows.map(({ text, login, codes = [], stock = false }, index) => ({ id: first + 1 + index, text, login, codes, stock }));
  const input = `with i as (select * from jsonb_to_recordset($2) as r (id bigint, text text, login text, codes text[], stock bool))`;
  const at = `timestamptz '2026-01-01' + (i.id - ${String(first)}) * interval '1 hour'`;
  const parameters = [accountId, JSON.stringify(values)];
  const statements = [
    `insert into orders (stream_id, account_id, order_id, version, ordered_at, created_at, updated_at) select id, $1, 'bulk-' || id, 1, ${at}, now(), now() from i`,
    `insert into order_technical_flags (stream_id, account_id, order_id, ordered_at, is_stock_updated) select id, $1, 'bulk-' || id, ${at}, stock from i`,
    `insert into order_search (stream_id, account_id, ordered_at, login, names, codes, text) select id, $1, ${at}, login, '', codes, lpad(id::text, 8, '0') || ' ' || text from i`,
  ];
  for (const statement of statements) await owner.query(`${input} ${statement}`, parameters);
  return first;
}

const find = (accountId: string, query: string, more: Partial<SearchPlace> = {}) =>
  world.testApp.app.get(OrderSearch).find({ accountId, query, ...NO_FLAGS, ...more }, { limit: 1_000, offset: 0 });

const wordsOf = async (accountId: string) =>
  (await owner.query<{ word: string }>('select word from order_words where account_id = $1 order by 1', [accountId])).rows.map(({ word }) => word);

const many = (count: number, row: (index: number) => Row) => Array.from({ length: count }, (_, index) => row(index));

describe('what a search finds', () => {
  const word = fc.constantFrom(
    'anna',
    'ann',
    'jan',
    'kowalska',
    'kowalski',
    'x-99',
    'łódź',
    'lodz',
    '100%',
    'a_b',
    'jan.kos@example.com',
    '600700800',
    'ski',
    'ąć',
  );
  const text = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join(' '));

  it('is what holds every word when all orders are read one by one', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 12 }), text, async (texts, query) => {
        fc.pre(foldText(query).length >= 3);
        const { accountId } = world.shop();
        const first = await fill(accountId, texts.map((one) => ({ text: foldText(one) }))); // prettier-ignore
        const words = foldText(query).split(' ');
        const holding = texts.flatMap((one, index) => (words.every((wanted) => foldText(one).includes(wanted)) ? [String(first + 1 + index)] : []));
        const place = { accountId, ...NO_FLAGS, limit: 1_000, offset: 0 };
        for (const { sql, params } of [walkedQuery(place, wanted(query)), indexedQuery(place, wanted(query), [`@${accountId}`])]) {
          const [row] = await world.testApp.app.get(Database).query<{ hits: [string, number][] }>(sql, params);
          expect(row?.hits.map(([streamId]) => streamId)).toEqual(holding.reverse());
          holding.reverse();
        }
      }),
      { numRuns: 25 },
    );
  });

  it('is the newest thousand of what is common, and each of what is rare, however far back it lies', async () => {
    const { accountId } = world.shop();
    const first = await fill(
      accountId,
      many(9_000, (n) => ({ text: `${n % 4 === 0 ? 'czwarte' : 'inne'} ${n === 0 ? 'jedyne' : ''} ${n < 1_500 ? 'dawne' : ''}` })),
    );
    const fourth = await find(accountId, 'czwarte');
    expect([fourth.total, fourth.hits[0]?.streamId, fourth.hits[999]?.streamId]).toEqual([1_000, String(first + 8_997), String(first + 5_001)]);
    expect((await find(accountId, 'jedyne')).hits).toEqual([{ streamId: String(first + 1), score: 0.6 }]);
    const old = await find(accountId, 'dawne');
    expect([old.total, old.hits[0]?.streamId]).toEqual([1_000, String(first + 1_500)]);
  });

  it('with a slip and a filter is every order that has both, of however many that are alike', async () => {
    const { accountId } = world.shop();
    await fill(
      accountId,
      many(4_200, (n) => ({ text: n < 6 ? 'wojcik rzadki' : 'wojcik', stock: n % 1_400 !== 0 && n !== 1 })),
    );
    const pending = await find(accountId, 'wojick', { stockUpdated: false });
    expect([pending.type, pending.total]).toEqual(['similar', 4]);
    expect((await find(accountId, 'wojick', { stockUpdated: true })).total).toBe(1_000);
    expect((await find(accountId, 'rzadik', { stockUpdated: true })).total).toBe(4);
  });

  it('leaves a word out that is like nothing, and takes a known word for a slip only when nothing else is found', async () => {
    const { accountId } = world.shop();
    const first = await fill(accountId, [{ text: 'jan kowalski' }, { text: 'janina nowak' }]);
    expect(await find(accountId, 'kowalksi qqqqqq')).toMatchObject({ type: 'similar', hits: [{ streamId: String(first + 1) }] });
    expect(await find(accountId, 'janina kowalski')).toMatchObject({ type: 'contains', hits: [] });
    expect(await find(accountId, 'qqqqqq wwwwww kowalksi')).toMatchObject({ type: 'contains', hits: [] });
  });
});

const wanted = (query: string): Wanted => contained(searchTerms(query));

describe('the words of an account', () => {
  const change = (streamId: number, text: string, client = owner) =>
    client.query('update order_search set text = $2 where stream_id = $1', [streamId, `00000000 ${text}`]);

  it('are those of its orders, without numbers and ids, and go with the last order that has them', async () => {
    const { accountId } = world.shop();
    const first = await fill(accountId, [{ text: 'ewa znikajaca ewa_99@example.com 600700800' }, { text: 'ewa zostaje' }]);
    expect(await wordsOf(accountId)).toEqual(['com', 'ewa', 'example', 'znikajaca', 'zostaje']);
    await change(first + 1, 'kubek');
    expect(await wordsOf(accountId)).toEqual(['ewa', 'kubek', 'zostaje']);
    await owner.query(`update orders set merged_into = 'other' where stream_id = $1`, [first + 2]);
    expect(await wordsOf(accountId)).toEqual(['kubek']);
    await owner.query('update orders set merged_into = null where stream_id = $1', [first + 2]);
    expect(await wordsOf(accountId)).toEqual(['ewa', 'kubek', 'zostaje']);
  });

  it('go as well when two orders lose the same word at once', async () => {
    const { accountId } = world.shop();
    const first = await fill(accountId, [{ text: 'wspolna' }, { text: 'wspolna' }]);
    const other = new pg.Client(world.ownerUrl);
    await other.connect();
    await owner.query('begin');
    await other.query('begin');
    await change(first + 1, 'kubek');
    const second = change(first + 2, 'kubek', other).then(() => other.query('commit'));
    await owner.query('commit');
    await second.finally(() => other.end());
    expect(await wordsOf(accountId)).toEqual(['kubek']);
  });

  it('leave no sample with the planner', async () => {
    await owner.query('analyze order_words');
    const { rows } = await owner.query(`select from pg_stats where tablename = 'order_words' and attname = 'word'`);
    expect(rows).toEqual([]);
  });
});

describe('the plan of a search', () => {
  const explained = async ({ sql, params }: ReturnType<typeof walkedQuery>) => {
    const explain = (query: Query) => query<{ 'QUERY PLAN': string }>(`explain ${sql}`, params);
    return (await world.testApp.app.get(Database).within(SEARCH_SETTINGS, explain)).map((row) => row['QUERY PLAN']).join('\n');
  };

  it('reads the newest by the pages of the account, all else by keys and trigrams, and exact things by their own indexes', async () => {
    const { accountId } = world.shop();
    await fill(accountId, many(12_000, (n) => ({ text: `person${String(n)} shop ${String(n * 7)}`, login: `login${String(n)}` }))); // prettier-ignore
    await owner.query('select analyze_orders()');
    await owner.query(`select gin_clean_pending_list('order_search_trigrams')`);
    for (const query of ['shop', 'shop person77', '+48 600 700 800', '0123abcd-0000', 'login7']) {
      const place = { accountId, ...NO_FLAGS, limit: 50, offset: 0 };
      const walk = await explained(walkedQuery(place, wanted(query)));
      for (const index of ['order_search_page', 'order_search_email', 'order_search_login']) expect(walk).toContain(index);
      const plan = await explained(indexedQuery(place, wanted(query), [`@${accountId}`]));
      expect(plan).toMatch(/Bitmap Index Scan on order_search_trigrams[^\n]*\n\s+Index Cond: \(\(keys && [^\n]*\) AND \(text ~~/);
      for (const one of [walk, plan]) expect(one).not.toMatch(/Seq Scan on order_(?:search|technical)/);
    }
  });
});
