import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TestingModule } from '@nestjs/testing';
import pg from 'pg';
import { Problem } from '../../src/core/problem.js';
import { type OrderFilter, pageQuery } from '../../src/orders/order-list-query.js';
import { OrderRecorder } from '../../src/orders/order-recorder.service.js';
import { OrderReplay } from '../../src/orders/order-replay.service.js';
import { OrdersModule } from '../../src/orders/orders.module.js';
import type { RecordBatch, RecordResult } from '../../src/orders/record-batch.js';
import { Database } from '../../src/platform/database/database.js';
import { ChainVerifier } from '../../src/platform/event-log/chain-verifier.js';
import { EventReader } from '../../src/platform/event-log/event-reader.js';
import { formReading, inventedEvent, inventedForm, journalReading } from '../support/invented-orders.js';
import { startContext } from '../support/service-context.js';
import { cloneDatabase, type TestDatabase } from '../support/test-database.js';

const NO_FILTER: OrderFilter = { status: null, from: null, to: null, stockUpdated: null, invoiceCreated: null, invoiceId: null };

let database: TestDatabase;
let context: TestingModule;
let recorder: OrderRecorder;
let accounts = 100;

beforeAll(async () => {
  database = await cloneDatabase();
  context = await startContext(database, { imports: [OrdersModule] });
  recorder = context.get(OrderRecorder);
});

afterAll(async () => {
  await context.close();
  await database.drop();
});

/** Every test works for an account of its own. */
const newAccount = () => String((accounts += 1));
const batchOf = (accountId: string, parts: Partial<RecordBatch>): RecordBatch => ({ accountId, fence: null, actor: 'sync', journal: [], forms: [], ...parts });
const formsOf = (...forms: Parameters<typeof formReading>[0][]) => forms.map((form) => formReading(form));
const streamOf = (accountId: string, orderId: string) => context.get(EventReader).stream(accountId, orderId);
const listed = (accountId: string) =>
  context.get(Database).query<Record<string, unknown>>('select * from orders where account_id = $1 order by order_id', [accountId]);
const documentOf = async (accountId: string, orderId: string) => {
  const sql = 'select d.document, d.fold from order_documents d join orders o using (stream_id) where o.account_id = $1 and o.order_id = $2';
  return (await context.get(Database).query<{ document: Record<string, unknown>; fold: { kept: unknown } }>(sql, [accountId, orderId]))[0];
};

async function asOwner(sql: string, params: unknown[] = []): Promise<void> {
  const client = new pg.Client(database.ownerUrl);
  await client.connect();
  await client.query(sql, params).finally(() => client.end());
}

describe('recording what was read from Allegro', () => {
  it('appends journal events and forms verbatim, journal first, and projects the order', async () => {
    const account = newAccount();
    const form = inventedForm('order-1');
    const event = inventedEvent('1772359500000001', 'order-1');
    const result = await recorder.record(batchOf(account, { journal: [journalReading(event)], forms: formsOf(form), causationId: 'run-1' }));

    expect(result).toEqual({ created: ['order-1'], updated: [], unchanged: 0, journalAppended: 1, journalKnown: 0, failed: [] });
    const events = await streamOf(account, 'order-1');
    expect(events.map(({ version, type, source, dedupKey, traceId, causationId }) => ({ version, type, source, dedupKey, traceId, causationId }))).toEqual([
      { version: 1, type: 'journal.received', source: 'journal', dedupKey: 'j:1772359500000001', traceId: 'trace-journal', causationId: 'run-1' },
      { version: 2, type: 'form.read', source: 'form', dedupKey: expect.stringMatching(/^f:0:[0-9a-f]{16}$/), traceId: 'trace-form', causationId: 'run-1' },
    ]);
    expect(JSON.stringify(events.map(({ payload }) => payload))).toBe(JSON.stringify([event, form]));
    expect(await listed(account)).toEqual([
      expect.objectContaining({
        version: 2, status: 'READY_FOR_PROCESSING', fulfillment_status: 'NEW', payment_type: 'ONLINE', delivery_method: 'Locker', marketplace: 'allegro-pl',
        buyer_login: 'login_order-1', buyer_email: 'buyer.of.order-1@example.com', buyer_name: 'Halina Zmyślona', total_amount: '123.00', total_currency: 'PLN',
        ordered_at: new Date('2026-03-01T09:00:00Z'), dispatch_by: new Date('2026-03-02T22:59:59.999Z'), revision: 'a1b2c3d4', merged_into: null,
      }), // prettier-ignore
    ]);
    expect(JSON.stringify((await documentOf(account, 'order-1'))?.document)).toBe(JSON.stringify(form));
  });

  it('changes nothing when the same batch comes again', async () => {
    const account = newAccount();
    const batch = batchOf(account, { journal: [journalReading(inventedEvent('1', 'o'))], forms: formsOf(inventedForm('o')) });
    await recorder.record(batch);
    expect(await recorder.record(batch)).toEqual({ created: [], updated: [], unchanged: 1, journalAppended: 0, journalKnown: 1, failed: [] });
    expect(await streamOf(account, 'o')).toHaveLength(2);
  });

  it('knows the same form again in another key order', async () => {
    const account = newAccount();
    const form = inventedForm('o');
    const reversed = Object.fromEntries(Object.entries(form).reverse());
    await recorder.record(batchOf(account, { forms: formsOf(form) }));
    expect((await recorder.record(batchOf(account, { forms: formsOf(reversed) }))).unchanged).toBe(1);
  });

  it('records the way back as a third event', async () => {
    const account = newAccount();
    const forms = ['NEW', 'SENT', 'NEW'].map((status) => inventedForm('o', { fulfillment: { status } }));
    for (const [minute, form] of forms.entries())
      await recorder.record(batchOf(account, { forms: [formReading(form, `2026-03-01T10:0${String(minute)}:00Z`)] }));
    expect((await streamOf(account, 'o')).map(({ version }) => version)).toEqual([1, 2, 3]);
    expect((await listed(account))[0]).toMatchObject({ fulfillment_status: 'NEW', version: 3 });
  });

  it('appends several readings of one order in the order they were observed', async () => {
    const account = newAccount();
    const early = formReading(inventedForm('o', { revision: 'early' }), '2026-03-01T10:00:00Z');
    const late = formReading(inventedForm('o', { revision: 'late' }), '2026-03-01T10:01:00Z');
    const again = formReading(inventedForm('o', { revision: 'late' }), '2026-03-01T10:02:00Z');
    expect((await recorder.record(batchOf(account, { forms: [again, late, early] }))).created).toEqual(['o']);
    const events = await streamOf(account, 'o');
    expect(events.map(({ payload }) => payload['revision'])).toEqual(['early', 'late']);
    expect(events[1]?.dedupKey).toMatch(/^f:1:/);
  });

  it('lets a null never erase what is known, and names what it kept', async () => {
    const account = newAccount();
    await recorder.record(batchOf(account, { forms: formsOf(inventedForm('o')) }));
    const emptied = inventedForm('o', { buyer: null, delivery: null, lineItems: [], updatedAt: '2026-03-01T12:00:00Z' });
    expect((await recorder.record(batchOf(account, { forms: formsOf(emptied) }))).updated).toEqual(['o']);
    const stored = await documentOf(account, 'o');
    expect(stored?.document).toMatchObject({
      buyer: { email: 'buyer.of.o@example.com' },
      delivery: { method: { name: 'Locker' } },
      lineItems: [{ id: 'line-of-o' }],
    });
    expect(stored?.fold.kept).toContainEqual({ path: 'buyer.email', version: 1 });
    expect((await streamOf(account, 'o'))[1]?.payload['buyer']).toBeNull();
  });

  it('puts journal events without a form on the account stream and makes ids lower case', async () => {
    const account = newAccount();
    const journal = [journalReading(inventedEvent('7', null)), journalReading(inventedEvent('8', 'ABC-1'))];
    await recorder.record(batchOf(account, { journal, forms: formsOf(inventedForm('ABC-1')) }));
    expect((await streamOf(account, '')).map(({ dedupKey }) => dedupKey)).toEqual(['j:7']);
    expect(await streamOf(account, 'abc-1')).toHaveLength(2);
    expect((await listed(account)).map(({ order_id }) => order_id)).toEqual(['abc-1']);
  });

  it('keeps an order out of the list until a form of it was read', async () => {
    const account = newAccount();
    await recorder.record(batchOf(account, { journal: [journalReading(inventedEvent('1', 'o'))] }));
    expect(await listed(account)).toEqual([]);
    expect((await recorder.record(batchOf(account, { forms: formsOf(inventedForm('o')) }))).created).toEqual(['o']);
  });

  it('stores hostile text whole and keeps what a column cannot hold out of the columns', async () => {
    const account = newAccount();
    const hostile = inventedForm('o', {
      status: 'NEW\0ISH',
      revision: 'half\ud800',
      summary: { totalToPay: { amount: '1e3', currency: 'PLN' } },
      __proto__x: '\u202e',
      messageToSeller: 'x'.repeat(1_000_000),
    });
    expect((await recorder.record(batchOf(account, { forms: formsOf(hostile) }))).created).toEqual(['o']);
    expect((await listed(account))[0]).toMatchObject({ status: 'NEWISH', revision: 'half\ufffd', total_amount: null, total_currency: 'PLN' });
    expect((await streamOf(account, 'o'))[0]?.payload).toEqual(hostile);
  });

  it('names a form that cannot be recorded and records the others', async () => {
    const account = newAccount();
    let deep: unknown[] = [];
    for (let depth = 0; depth < 100_000; depth += 1) deep = [deep];
    let deepForPostgres: unknown[] = [];
    for (let depth = 0; depth < 7_000; depth += 1) deepForPostgres = [deepForPostgres];
    const forms = formsOf(inventedForm('a'), inventedForm('b', { x: deep as never }), inventedForm('c', { x: deepForPostgres as never }), inventedForm('d'), {
      status: 'no id',
    });
    const result = await recorder.record(batchOf(account, { forms, journal: [journalReading({ type: 'BOUGHT' })] }));
    expect(result.created).toEqual(['a', 'd']);
    expect(result.failed.map(({ orderId }) => orderId).sort()).toEqual(['', '', 'b', 'c']);
  });

  it('keeps nothing personal of an erased order and appends it only when the rest changed', async () => {
    const account = newAccount();
    await recorder.record(batchOf(account, { forms: formsOf(inventedForm('o')) }));
    await asOwner('update vault.order_keys set wrapped_key = null, destroyed_at = now() where account_id = $1', [account]);
    await context.get(OrderReplay).rebuild(account, 'o');
    const phone = inventedForm('o', { buyer: { id: 'buyer-of-o', email: 'other@example.com' } });
    expect((await recorder.record(batchOf(account, { forms: formsOf(phone) }))).unchanged).toBe(1);
    expect((await recorder.record(batchOf(account, { forms: formsOf(inventedForm('o', { revision: 'next' })) }))).updated).toEqual(['o']);
    const rows = await context
      .get(Database)
      .query('select o.*, d.document::text, d.fold::text from orders o join order_documents d using (stream_id) where o.account_id = $1', [account]);
    expect(JSON.stringify(rows)).not.toMatch(/Halina|Zmyślona|example\.com|Nieistniejąca|login_o/);
    expect(await context.get(OrderReplay).rebuild(account, 'o')).toMatchObject({ differences: [] });
  });
});

describe('the work of a batch', () => {
  it('commits with the last of it and sees what became of the batch', async () => {
    const account = newAccount();
    const forms = formsOf(...Array.from({ length: 450 }, (_, index) => inventedForm(`o${String(index).padStart(3, '0')}`)));
    const seen: number[] = [];
    await recorder.record(batchOf(account, { forms }), async (_tx, recorded) => {
      seen.push(recorded.created.length);
      await Promise.resolve();
    });
    expect(seen).toEqual([450]);
    expect(await listed(account)).toHaveLength(450);
  });

  it('takes the last orders back when it fails', async () => {
    const account = newAccount();
    const failing = recorder.record(batchOf(account, { forms: formsOf(inventedForm('o')) }), () => Promise.reject(new Error('cursor')));
    await expect(failing).rejects.toThrow('cursor');
    expect(await listed(account)).toEqual([]);
    expect(await streamOf(account, 'o')).toEqual([]);
  });

  it.each([
    ['nothing was read', []],
    ['all was known', formsOf(inventedForm('o'))],
  ])('runs when %s, and not for a writer that lost its lease', async (_name, forms) => {
    const account = newAccount();
    await recorder.record(batchOf(account, { forms: formsOf(inventedForm('o')) }));
    let runs = 0;
    const work = () => Promise.resolve(void (runs += 1));
    await recorder.record(batchOf(account, { forms }), work);
    expect(runs).toBe(1);
    await asOwner('insert into event_log.writer_leases (account_id, generation) values ($1, 5)', [account]);
    await recorder.record(batchOf(account, { forms, fence: { generation: '5' } }), work);
    await expect(recorder.record(batchOf(account, { forms, fence: { generation: '4' } }), work)).rejects.toThrow('lost its lease');
    expect(runs).toBe(2);
  });
});

describe('eight writers of the same twenty orders', () => {
  it('lose nothing, double nothing and leave versions gapless in a whole chain', async () => {
    const account = newAccount();
    const orders = Array.from({ length: 20 }, (_, index) => `o${String(index).padStart(2, '0')}`);
    const write = async (writer: number, round: number) => {
      const journal = orders.map((order, index) => journalReading(inventedEvent(`${String(writer)}${String(round)}${String(index).padStart(2, '0')}`, order)));
      const at = new Date(Date.UTC(2026, 2, 1, 10, round, writer)).toISOString();
      const forms = orders.map((order) => formReading(inventedForm(order, { updatedAt: at, revision: `r${String(writer)}.${String(round)}` }), at));
      await patiently(() => recorder.record(batchOf(account, { journal, forms })));
    };
    const writers = Array.from({ length: 8 }, async (_, writer) => {
      for (let round = 0; round < 3; round += 1) await write(writer, round);
    });
    await Promise.all(writers);

    const report = await context.get(ChainVerifier).verify({ accountId: account });
    expect(report).toMatchObject({ verified: true, streams: 20, flaws: [] });
    for (const order of orders) {
      const events = await streamOf(account, order);
      expect(events.map(({ version }) => version)).toEqual(events.map((_, index) => index + 1));
      expect(events.filter(({ type }) => type === 'journal.received')).toHaveLength(24);
      expect(new Set(events.filter(({ type }) => type === 'form.read').map(({ payload }) => payload['revision'])).size).toBe(24);
      expect(await context.get(OrderReplay).rebuild(account, order)).toMatchObject({ differences: [], repaired: false });
    }
    expect((await listed(account)).map(({ revision }) => revision)).toEqual(orders.map(() => 'r7.2'));
  }, 60_000);
});

/** A lost race says "ask again now"; so does a caller. */
async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Problem && error.retry === 'now')) throw error;
    }
  }
}

describe('a projection', () => {
  it('that is missing or behind is rebuilt before its order is written on', async () => {
    const account = newAccount();
    await recorder.record(batchOf(account, { forms: formsOf(inventedForm('o', { messageToSeller: 'ring twice' }), inventedForm('p')) }));
    await asOwner('delete from order_documents where account_id = $1', [account]);
    const seen: string[][] = [];
    const work = (_tx: unknown, recorded: RecordResult) => Promise.resolve(void seen.push([...recorded.updated].sort()));
    await recorder.record(
      batchOf(account, { forms: formsOf(inventedForm('o', { messageToSeller: null, revision: 'next' }), inventedForm('p', { revision: 'next' })) }),
      work,
    );
    expect(seen).toEqual([['o', 'p']]);
    expect((await documentOf(account, 'o'))?.document).toMatchObject({ messageToSeller: 'ring twice', revision: 'next' });
    expect((await documentOf(account, 'p'))?.document).toMatchObject({ revision: 'next' });
  });

  it('that was tampered with is repaired from the log, and the report says what differed', async () => {
    const account = newAccount();
    await recorder.record(batchOf(account, { forms: formsOf(inventedForm('o')) }));
    await asOwner(`update orders set status = 'CANCELLED', version = 99 where account_id = $1`, [account]);
    await asOwner(`update order_technical_flags set is_stock_updated = true where account_id = $1`, [account]);
    const report = await context.get(OrderReplay).rebuild(account, 'o');
    expect(report).toEqual({
      orderId: 'o',
      version: 1,
      events: 1,
      differences: [
        { path: 'columns.status', old: 'CANCELLED', new: 'READY_FOR_PROCESSING' },
        { path: 'columns.version', old: 99, new: 1 },
        { path: 'flags.is_stock_updated', old: true, new: false },
      ],
      repaired: true,
    });
    expect(await context.get(OrderReplay).rebuild(account, 'o')).toMatchObject({ differences: [], repaired: false });
    expect(await context.get(OrderReplay).rebuild(account, 'unknown')).toBeNull();
  });
});

describe('an import', () => {
  it('leaves the planner knowing how large the tables are, so that lists are read from their index', async () => {
    const account = newAccount();
    const forms = formsOf(...Array.from({ length: 600 }, (_, index) => inventedForm(`p${String(index)}`)));
    await recorder.record(batchOf(account, { forms }));
    const { sql, params } = pageQuery(account, NO_FILTER, { limit: 50, offset: 0 });
    const plan = await context.get(Database).query<Record<string, string>>(`explain ${sql}`, params);
    expect(JSON.stringify(plan)).toContain('using orders_page');
    const pending = pageQuery(account, { ...NO_FILTER, stockUpdated: false }, { limit: 50, offset: 0, lead: 'flags' });
    expect(JSON.stringify(await context.get(Database).query(`explain ${pending.sql}`, pending.params))).toContain('using flags_by_stock');
  });
});
