import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OrderHistory } from '../../src/orders/order-history.service.js';
import { OrderRecorder } from '../../src/orders/order-recorder.service.js';
import type { JsonObject } from '../../src/core/json.js';
import { LogExport } from '../../src/data-protection/log-export.client.js';
import { Quarantine } from '../../src/data-protection/quarantine.service.js';
import { CONFIGURATION, type Configuration } from '../../src/platform/config/configuration.js';
import { ChainVerifier } from '../../src/platform/event-log/chain-verifier.js';
import { EventReader } from '../../src/platform/event-log/event-reader.js';
import { Database } from '../../src/platform/database/database.js';
import { NestLogger } from '../../src/platform/observability/nest-logger.js';
import { StructuredLogger } from '../../src/platform/observability/structured-logger.js';
import { eventually } from '../support/eventually.js';
import { formReading, journalReading } from '../support/invented-orders.js';
import { bearer, tokenOf } from '../support/access-tokens.js';
import { type Json, Service } from '../support/service.js';
import { eventOf, formOf, person, tablesWith, tracesOf } from '../support/stored-traces.js';
import { tokenWorld, type TokenWorld } from '../support/token-app.js';

const BUYERS = 1_000;
const TARGET = 437;

let world: TokenWorld;
let service: Service;
/** What the process would have printed. */
const logLines: string[] = [];
let shop: { tokenId: string; accountId: string };

const get = <T>(type: abstract new (...args: never[]) => T): T => service.app.get<T>(type, { strict: false });
const record = (forms: readonly JsonObject[], journal: readonly JsonObject[] = []) =>
  get(OrderRecorder).record({
    accountId: shop.accountId,
    fence: null,
    actor: 'sync',
    journal: journal.map((event) => journalReading(event)),
    forms: forms.map((form) => formReading(form, new Date().toISOString())),
  });

async function erase(naming: Json, tenant = 'tenant-a', roles: readonly string[] = ['operator']): Promise<{ status: number; body: Json }> {
  const answer = await service.app.inject({
    method: 'POST',
    url: '/api/v1/erasures',
    headers: { ...bearer(tokenOf(tenant, { roles, sub: 'olga' })), 'content-type': 'application/json' },
    payload: JSON.stringify({ token_id: shop.tokenId, reason: 'ticket 4711', ...naming }),
  });
  return { status: answer.statusCode, body: answer.json<Json>() };
}

const receipt = (id: unknown) => service.call('GET', `/erasures/${String(id)}?token_id=${shop.tokenId}`);
const completed = (id: unknown) =>
  eventually('the erasure is complete', async () => {
    const { body } = await receipt(id);
    return body['status'] === 'completed' ? body : null;
  });
const order = async (id: string) => (await service.call('GET', `/orders/${id}?token_id=${shop.tokenId}`)).body;

beforeAll(async () => {
  world = await tokenWorld();
  service = await Service.start(world, { role: 'all', env: { LOG_LEVEL: 'debug' } });
  const configuration = service.app.get<Configuration>(CONFIGURATION, { strict: false });
  service.app.useLogger(new NestLogger(new StructuredLogger(configuration, { write: (line) => logLines.push(line) })));
  shop = await service.connect('shop');
});
afterAll(async () => {
  await service.stop();
  await world.release();
});

describe('erasing one of a thousand buyers', () => {
  const target = person(TARGET);
  const others = Array.from({ length: BUYERS }, (_, number) => person(number)).filter(({ id }) => id !== target.id);
  let done: Json;

  /** Everything that keeps something of a buyer, beside forms and journal. */
  async function scatter(): Promise<void> {
    const { accountId } = shop;
    const held = { kind: 'form' as const, reasons: [{ code: 'total_jumped' as const, detail: 'x' }], observedAt: new Date(), traceId: null };
    await get(Database).transaction(async (tx) => {
      const neverLanded = formOf('never-landed', target);
      await get(Quarantine).hold(
        tx,
        accountId,
        [
          { ...held, orderId: 'never-landed', content: neverLanded },
          { ...held, orderId: 't-1', content: neverLanded },
        ],
        null,
      );
      await get(Quarantine).hold(tx, accountId, [{ ...held, orderId: 'of-another', content: formOf('of-another', person(1)) }], null);
    });
    const answer = await get(Database).transaction((tx) =>
      get(Quarantine).seal(tx, accountId, { orderId: 'failed', content: { note: `for ${target.email}` } }),
    );
    const insert = (sql: string, values: unknown[]) => world.owner.query(sql, values);
    await insert(
      `insert into owed_forms (account_id, order_id, reason, next_try_at, last_error, answer_sealed, answer_key_id)
       values ($1, 'failed', 'malformed', now() + interval '1 day', $2, $3, $4)`,
      [accountId, `cannot read ${target.login}`, answer.sealed, answer.keyId],
    );
    await insert(
      `insert into tasks (tenant_id, queue_key, task_type, status, error, params, result, description, finished_at)
       values ('tenant-a', 'x', 'verify_log', 'FAILURE', $1, $2, $2, 'x', now())`,
      [`buyer ${target.firstName} ${target.lastName}`, JSON.stringify({ note: target.email, kept: 1 })],
    );
    await insert(
      `insert into audit_entries (actor, actor_roles, tenant_id, action, reason) values ('sam', '{}', 'tenant-a', 'x', $1), ('sam', '{}', 'tenant-a', 'x', 'other')`,
      [`${target.email} wrote`],
    );
    await insert(
      `insert into sync_runs (id, tenant_id, account_id, token_id, sync_type, sync_status, sync_started_at, error_message)
       values (gen_random_uuid(), 'tenant-a', $1, $2, 'full', 'FAILED', now(), $3)`,
      [accountId, shop.tokenId, `no such phone: ${target.phone}`],
    );
  }

  beforeAll(async () => {
    const guest = { ...formOf('t-guest', target), buyer: { ...(formOf('t-guest', target)['buyer'] as JsonObject), id: null, guest: true } };
    await record(others.map((other, number) => formOf(`o-${String(number)}`, other)));
    await record(
      [formOf('t-1', target), formOf('t-2', target), guest],
      [eventOf('1', 't-1', target), eventOf('2', 't-journal', target), eventOf('3', null, target)],
    );
    await scatter();
    expect(await tablesWith(world.owner, tracesOf(target))).not.toEqual([]);
    const { status, body } = await erase({ order_id: 'T-1' });
    expect([status, body['orders'], body['events']]).toEqual([202, 4, 1]);
    done = await completed(body['id']);
  });

  it('leaves nothing of them in any table, whatever the column', async () => {
    expect(await tablesWith(world.owner, tracesOf(target))).toEqual([]);
    expect(await tablesWith(world.owner, tracesOf(person(1)))).not.toEqual([]);
  });

  it('leaves nothing of them in what the keys that are left can open', async () => {
    const { rows } = await world.owner.query<{ order_id: string }>('select order_id from event_log.streams where account_id = $1', [shop.accountId]);
    const opened: unknown[] = [];
    for (const { order_id: orderId } of rows) opened.push(await get(EventReader).stream(shop.accountId, orderId));
    const items = await world.owner.query<{ order_id: string; key_id: string | null; sealed: Buffer }>('select order_id, key_id, sealed from quarantine_items');
    for (const item of items.rows) {
      opened.push(item.sealed.length === 0 ? null : await get(Quarantine).open(shop.accountId, item.order_id, { keyId: item.key_id, sealed: item.sealed }));
    }
    const text = JSON.stringify(opened);
    expect(text).toContain(person(1).email);
    for (const trace of tracesOf(target)) expect(text).not.toContain(trace);
  });

  it('shows [erased] in the order, in its past and in the journal, and finds them no more', async () => {
    expect(await order('t-1')).toMatchObject({
      order: { buyer: '[erased]', delivery: { address: '[erased]' }, messageToSeller: '[erased]', status: 'READY_FOR_PROCESSING' },
    });
    const past = await get(OrderHistory).asOf(shop.accountId, 't-2', { recordedUntil: new Date() });
    expect(JSON.parse(past?.document ?? '')).toMatchObject({ buyer: '[erased]' });
    const found = await service.call('GET', `/orders/search?token_id=${shop.tokenId}&query=${encodeURIComponent(target.lastName)}`);
    expect(JSON.stringify(found.body)).not.toContain('t-1');
    expect((await service.call('GET', `/orders/search?token_id=${shop.tokenId}&query=${encodeURIComponent(person(2).email)}`)).body['orders']).toHaveLength(1);
  });

  it('leaves 999 others readable', async () => {
    const { rows } = await world.owner.query<{ email: string; document: { buyer: { email: string } } }>(
      `select buyer_email as email, document from orders join order_documents using (stream_id) where orders.account_id = $1 and order_id like 'o-%'`,
      [shop.accountId],
    );
    expect(new Set(rows.map(({ email, document }) => (document.buyer.email === email ? email : null)))).toEqual(new Set(others.map(({ email }) => email)));
    expect(JSON.stringify(await get(EventReader).stream(shop.accountId, 'o-7'))).toContain(others[7]?.street);
  });

  it('leaves the chain whole', async () => {
    expect(await get(ChainVerifier).verify({ accountId: shop.accountId })).toMatchObject({ verified: true, flaws: [] });
  });

  it('leaves nothing of them in the log lines of the service and in an export of the log', async () => {
    const lines: string[] = [...logLines];
    for await (const line of new LogExport(world.owner).lines(shop.accountId)) lines.push(line);
    const text = lines.join('\n');
    expect(text).toContain('a buyer was erased');
    expect(text).toContain('order.buyer_erased');
    for (const trace of tracesOf(target)) expect(text).not.toContain(trace);
  });

  it('gives a receipt of what was cleaned where, and nothing of the buyer', async () => {
    expect(done).toMatchObject({ status: 'completed', requested_by: 'olga', reason: 'ticket 4711', origin: 'request', orders: 4, events: 1, listed_at: null });
    const cleaned = Object.fromEntries((done['cleaned'] as { holder: string; copies: number }[]).map(({ holder, copies }) => [holder, copies]));
    expect(cleaned).toMatchObject({ orders: 4, quarantine: 2, failed_orders: 1, sync_history: 1, tasks: 1, audit: 1 });
    expect((await service.call('GET', `/erasures?token_id=${shop.tokenId}`)).body).toMatchObject({ total: 1, erasures: [{ id: done['id'] }] });
    const { rows } = await world.owner.query('select traits_sealed from erasure_progress');
    expect(rows).toEqual([{ traits_sealed: null }]);
  });

  it('keeps what was no personal data: counts, reasons of others, the entry in the trail', async () => {
    const { rows } = await world.owner.query(`select reason from audit_entries where action = 'x' order by id`);
    expect(rows).toEqual([{ reason: '[erased]' }, { reason: 'other' }]);
    expect((await world.owner.query(`select params, result, error from tasks where queue_key = 'x'`)).rows).toEqual([
      { params: { note: '[erased]', kept: 1 }, result: { note: '[erased]', kept: 1 }, error: '[erased]' },
    ]);
    await expect(world.owner.query(`update audit_entries set reason = '[erased]'`)).rejects.toThrow('append-only');
  });

  it('does not bring them back by a later sync, a replay or what was bought before; what they buy later is theirs again', async () => {
    const older = formOf('t-late', target);
    await record(
      [formOf('t-1', target, { revision: 'later', note: { text: target.email } }), formOf('t-journal', target), older],
      [eventOf('4', 't-2', target), eventOf('5', null, target)],
    );
    await get(Database).transaction((tx) =>
      get(Quarantine).hold(
        tx,
        shop.accountId,
        [{ kind: 'form', orderId: 'held-late', content: formOf('held-late', target), reasons: [], observedAt: new Date(), traceId: null }],
        null,
      ),
    );
    await service.call('POST', `/orders/t-1/replay?token_id=${shop.tokenId}`);
    expect(await tablesWith(world.owner, tracesOf(target))).toEqual([]);
    expect(await order('t-late')).toMatchObject({ order: { buyer: '[erased]' } });
    const items = await world.owner.query<{ key_id: string; sealed: Buffer }>(`select key_id, sealed from quarantine_items where order_id = 'held-late'`);
    const [item] = items.rows;
    expect(await get(Quarantine).open(shop.accountId, 'held-late', { keyId: item?.key_id ?? null, sealed: item?.sealed ?? Buffer.alloc(0) })).toMatchObject({
      buyer: '[erased]',
    });
    const line = (older['lineItems'] as JsonObject[])[0] as JsonObject;
    await record([formOf('t-new', target, { lineItems: [{ ...line, id: 'line-new', boughtAt: new Date(Date.now() + 60_000).toISOString() }] })]);
    expect(await order('t-new')).toMatchObject({ order: { buyer: { email: target.email } } });
    expect(await order('t-1')).toMatchObject({ order: { buyer: '[erased]', revision: 'later' } });
  });
});

describe('syncs that run while a buyer is erased', () => {
  it('bring nothing back, neither to orders that are held nor to new ones', async () => {
    const target = person(2_001);
    await record(Array.from({ length: 20 }, (_, number) => formOf(`c-${String(number)}`, target)));
    let running = true;
    const writers = [0, 1].map(async (writer) => {
      for (let turn = 0; running; turn += 1) {
        const revision = `${String(writer)}-${String(turn)}`;
        const changed = Array.from({ length: 10 }, (_, number) => formOf(`c-${String(writer * 10 + number)}`, target, { revision }));
        const journal = writer === 0 ? [eventOf(`9${String(turn)}`, null, target)] : [];
        await record([...changed, formOf(`c-new-${revision}`, target)], journal);
      }
    });
    const { body } = await erase({ buyer_id: target.id });
    await completed(body['id']);
    running = false;
    await Promise.all(writers);
    expect(await tablesWith(world.owner, tracesOf(target))).toEqual([]);
    expect(await get(ChainVerifier).verify({ accountId: shop.accountId })).toMatchObject({ verified: true });
  });
});

describe('an erasure', () => {
  it('is for operators, of the own tenant, and names the buyer in one way', async () => {
    expect((await erase({ buyer_id: '1' }, 'tenant-a', ['seller'])).body['code']).toBe('ROLE_TOO_LOW');
    expect((await erase({ buyer_id: '1' }, 'tenant-b')).body['code']).toBe('TOKEN_NOT_FOUND');
    expect((await erase({})).body['code']).toBe('BUYER_NOT_NAMED');
    expect((await erase({ order_id: null, email: null })).body['code']).toBe('BUYER_NOT_NAMED');
    expect((await erase({ buyer_id: '1', login: 'x' })).body['code']).toBe('BUYER_NOT_NAMED');
    expect((await erase({ order_id: 'nowhere' })).body['code']).toBe('ORDER_NOT_FOUND');
    expect((await receipt('6f1d2a34-0000-4000-8000-000000000000')).body['code']).toBe('ERASURE_NOT_FOUND');
    expect((await receipt('x')).body['code']).toBe('ERASURE_NOT_FOUND');
  });

  it('refuses a reason that names the buyer, and erases nothing then', async () => {
    const target = person(3_001);
    await record([formOf('r-1', target)]);
    expect((await erase({ email: target.email, reason: `asked by ${target.email.toUpperCase()}` })).body['code']).toBe('REASON_NAMES_BUYER');
    expect(await order('r-1')).toMatchObject({ order: { buyer: { email: target.email } } });
  });

  it('finds the buyer by e-mail or login, all their orders with it', async () => {
    const [one, two] = [person(3_002), person(3_003)];
    await record([formOf('e-1', one), formOf('e-2', one, { messageToSeller: null }), formOf('l-1', two)]);
    expect((await completed((await erase({ email: one.email.toUpperCase() })).body['id']))['orders']).toBe(2);
    expect((await completed((await erase({ login: two.login })).body['id']))['orders']).toBe(1);
    expect(await tablesWith(world.owner, [...tracesOf(one), ...tracesOf(two)])).toEqual([]);
  });
});
