import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { OrderRecorder } from '../../src/orders/order-recorder.service.js';
import { bearer, tokenOf } from '../support/access-tokens.js';
import { claimRound } from '../support/claim-round.js';
import { eventually } from '../support/eventually.js';
import { formReading, inventedForm } from '../support/invented-orders.js';
import { type Json, Service } from '../support/service.js';
import { tokenWorld, type TokenWorld } from '../support/token-app.js';

let world: TokenWorld;
let service: Service;
let shop: { tokenId: string; accountId: string };

beforeAll(async () => {
  world = await tokenWorld();
  service = await Service.start(world, { env: { DATABASE_POOL_SIZE: '20' } });
  shop = await service.connect();
});
afterAll(async () => {
  await service.stop();
  await world.release();
});

interface Answer {
  readonly status: number;
  readonly body: Json;
  readonly headers: Readonly<Record<string, unknown>>;
}

interface Sent {
  readonly body?: Json;
  readonly headers?: Record<string, string>;
  readonly tenant?: string;
  readonly query?: Record<string, string>;
}

async function send(
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  path: string,
  { body, headers = {}, tenant = 'tenant-a', query = {} }: Sent = {},
): Promise<Answer> {
  const answer = await service.app.inject({
    method,
    url: `/api/v1/orders${path}`,
    query: { token_id: shop.tokenId, ...query },
    headers: { ...bearer(tokenOf(tenant)), 'content-type': 'application/json', ...headers },
    ...(body ? { payload: JSON.stringify(body) } : {}),
  });
  return { status: answer.statusCode, body: answer.body === '' ? {} : answer.json<Json>(), headers: answer.headers };
}

let names = 0;

/** New orders of the shop. */
async function orders(count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => `order-${String((names += 1))}`);
  const forms = ids.map((id) => formReading(inventedForm(id)));
  await service.app.get(OrderRecorder).record({ accountId: shop.accountId, fence: null, actor: 'sync', journal: [], forms });
  return ids;
}

async function order(): Promise<string> {
  return (await orders(1))[0]!;
}

const claim = (id: string, purpose = 'invoice', sent: Sent = {}) => send('POST', `/${id}/claims`, { body: { purpose }, ...sent });
const invoice = (id: string, body: Json, headers = {}) => send('PATCH', `/${id}/invoice-status`, { body: { has_invoice_created: true, ...body }, headers });
const proofOf = ({ body }: Answer): Json => ({ lease_id: body['lease_id'], fencing_token: body['fencing_token'] });
const expire = (id: string) => world.owner.query("update order_claims set expires_at = now() - interval '1 second' where order_id = $1", [id]);

async function eventCount(): Promise<number> {
  const { rows } = await world.owner.query<{ count: number }>("select count(*)::int as count from event_log.order_events where type like 'flags.%'");
  return rows[0]?.count ?? 0;
}

async function isWaiting(statement: string): Promise<true | null> {
  const { rows } = await world.owner.query("select from pg_stat_activity where wait_event_type = 'Lock' and query like $1 and datname = current_database()", [
    statement,
  ]);
  return rows.length > 0 ? true : null;
}

describe('flags compared before they are set', () => {
  it('are refused to whoever has not seen the last change', async () => {
    const id = await order();
    const seen = String((await send('GET', `/${id}/technical-flags`)).headers['etag']);
    const first = await send('PATCH', `/${id}/stock-status`, { body: { is_stock_updated: true }, headers: { 'if-match': seen } });
    expect(first.status).toBe(200);
    const second = await invoice(id, {}, { 'if-match': seen });
    expect(second).toMatchObject({ status: 412, body: { code: 'FLAGS_CHANGED', etag: first.headers['etag'] } });
    expect((await send('GET', `/${id}/technical-flags`)).body).toMatchObject({ technical_flags: { is_stock_updated: true, has_invoice_created: false } });
    expect((await invoice(id, {}, { 'if-match': `"other", ${String(first.headers['etag'])}` })).status).toBe(200);
    expect((await send('PATCH', `/${id}/stock-status`, { body: { is_stock_updated: false } })).status).toBe(200);
  });

  it('let a first try that got through be repeated with the same key', async () => {
    const id = await order();
    const headers = { 'if-match': String((await send('GET', `/${id}/technical-flags`)).headers['etag']), 'idempotency-key': 'try-1' };
    const first = await invoice(id, { invoice_id: `FV/${id}` }, headers);
    const again = await invoice(id, { invoice_id: `FV/${id}` }, headers);
    expect(again).toMatchObject({ status: 200, body: first.body });
    expect(again.headers['etag']).toBe(first.headers['etag']);
  });

  it('are not sent again to whoever has them', async () => {
    const id = await order();
    const etag = String((await send('GET', `/${id}/technical-flags`)).headers['etag']);
    expect(await send('GET', `/${id}/technical-flags`, { headers: { 'if-none-match': etag } })).toMatchObject({ status: 304, body: {} });
    await invoice(id, {});
    expect((await send('GET', `/${id}/technical-flags`, { headers: { 'if-none-match': etag } })).status).toBe(200);
  });
});

describe('an invoice id', () => {
  it('asked for by twenty orders at once belongs to one, and the others are told which', async () => {
    const ids = await orders(20);
    const answers = await Promise.all(ids.map((id) => invoice(id, { invoice_id: 'FV/one' })));
    const winners = ids.filter((_, index) => answers[index]?.status === 200);
    expect(winners).toHaveLength(1);
    const refusals = answers.filter(({ status }) => status !== 200).map(({ status, body }) => [status, body['code'], body['order_id']]);
    expect(refusals).toEqual(Array.from({ length: 19 }, () => [409, 'INVOICE_ID_TAKEN', winners[0]]));
  });
});

describe('a change of many orders', () => {
  const results = (answer: Answer) => answer.body['results'] as Json[];

  it('has a result for each row, and a refused row keeps no other from its own', async () => {
    const [plain = '', both = '', taken = '', stale = '', claimed = '', twice = ''] = await orders(6);
    const owner = await order();
    await invoice(owner, { invoice_id: 'FV/taken' });
    const held = await claim(claimed);
    const changes = [
      { order_id: plain, is_stock_updated: true },
      { order_id: both, is_stock_updated: true, has_invoice_created: true, invoice_id: 'FV/both' },
      { order_id: taken, is_stock_updated: true, has_invoice_created: true, invoice_id: 'FV/taken' },
      { order_id: stale, is_stock_updated: true, if_match: '"of.yesterday"' },
      { order_id: claimed, has_invoice_created: true },
      { order_id: 'no-such-order', is_stock_updated: true },
      { order_id: twice, is_stock_updated: true },
      { order_id: twice, has_invoice_created: true },
      { order_id: plain.toUpperCase() },
    ];
    const answer = await send('PATCH', '/technical-flags', { body: { changes } });
    expect(answer).toMatchObject({ status: 200, body: { success: false, settled: 3, refused: 6 } });
    expect(results(answer).map((row) => [row['order_id'], row['status'], row['code']])).toEqual([
      [plain, 200, null],
      [both, 200, null],
      [taken, 409, 'INVOICE_ID_TAKEN'],
      [stale, 412, 'FLAGS_CHANGED'],
      [claimed, 409, 'ORDER_CLAIMED'],
      ['no-such-order', 404, 'ORDER_NOT_FOUND'],
      [twice, 200, null],
      [twice, 422, 'ORDER_REPEATED'],
      [plain.toUpperCase(), 422, 'NOTHING_TO_CHANGE'],
    ]);
    expect(results(answer)[1]).toMatchObject({ changed: true, technical_flags: { is_stock_updated: true, has_invoice_created: true, invoice_id: 'FV/both' } });
    // Both flags of a row or none.
    expect((await send('GET', `/${taken}/technical-flags`)).body).toMatchObject({ technical_flags: { is_stock_updated: false, has_invoice_created: false } });
    const proven = await send('PATCH', '/technical-flags', { body: { changes: [{ order_id: claimed, has_invoice_created: true, ...proofOf(held) }] } });
    expect(proven.body).toMatchObject({ success: true, refused: 0 });
  });

  it('changes nothing twice when it is sent again with its key', async () => {
    const ids = await orders(5);
    const body = { changes: ids.map((id) => ({ order_id: id, is_stock_updated: true, has_invoice_created: true, invoice_id: `FV/${id}` })) };
    const first = await send('PATCH', '/technical-flags', { body, headers: { 'idempotency-key': 'bulk-1' } });
    const events = await eventCount();
    await send('PATCH', `/${ids[0]!}/stock-status`, { body: { is_stock_updated: false } });
    const again = await send('PATCH', '/technical-flags', { body, headers: { 'idempotency-key': 'bulk-1' } });
    expect([first, again].map((answer) => [answer.body['settled'], results(answer).every((row) => row['changed'] === true)])).toEqual([
      [5, true],
      [5, false],
    ]);
    expect(await eventCount()).toBe(events + 1);
  });

  it('needs as many statements for ninety orders as for two', async () => {
    const statements = jest.spyOn(pg.Client.prototype, 'query');
    const counts: number[] = [];
    for (const count of [2, 90]) {
      const changes = (await orders(count)).map((id) => ({ order_id: id, is_stock_updated: true, has_invoice_created: true, invoice_id: `FV/${id}` }));
      const before = statements.mock.calls.length;
      expect((await send('PATCH', '/technical-flags', { body: { changes } })).body).toMatchObject({ settled: count });
      counts.push(statements.mock.calls.length - before);
    }
    statements.mockRestore();
    expect(counts[1]).toBe(counts[0]);
    expect(counts[0]).toBeLessThan(12);
  });

  it.each([
    [{ changes: [] }, 'changes'],
    [{ changes: [{ is_stock_updated: true }] }, 'changes[0].order_id'],
    [{ changes: [{ order_id: 'x', is_stock_updated: 'yes', colour: 1 }] }, 'changes[0].colour'],
    [{ changes: [{ order_id: 'x', is_stock_updated: true, lease_id: '00000000-0000-4000-8000-000000000001' }] }, 'changes[0].fencing_token'],
    [{ changes: Array.from({ length: 1_001 }, () => ({ order_id: 'x', is_stock_updated: true })) }, 'changes'],
  ])('is refused whole where it does not validate, naming the place (%#)', async (body, field) => {
    const answer = await send('PATCH', '/technical-flags', { body });
    expect(answer.status).toBe(422);
    expect((answer.body['errors'] as Json[]).map((error) => error['field'])).toContain(field);
  });
});

describe('the history of the flags', () => {
  it('says who changed what, when, from what to what, newest first and by pages', async () => {
    const id = await order();
    await send('PATCH', `/${id}/stock-status`, { body: { is_stock_updated: true } });
    await invoice(id, { invoice_id: `FV/${id}/1` });
    await invoice(id, { invoice_id: `FV/${id}/2` });
    const { body } = await send('GET', `/${id}/technical-flags/history`, { query: { limit: '2' } });
    const dated = { actor: 'tenant-a', changed_at: expect.stringMatching(/Z$/) };
    const first = { has_invoice_created: true, invoice_id: `FV/${id}/1` };
    expect(body).toMatchObject({
      order_id: id,
      replaced_by: null,
      changes: [
        { ...dated, flag: 'invoice', from: first, to: { has_invoice_created: true, invoice_id: `FV/${id}/2` } },
        { ...dated, flag: 'invoice', from: { has_invoice_created: false, invoice_id: null }, to: first },
      ],
    });
    const rest = await send('GET', `/${id}/technical-flags/history`, { query: { limit: '2', before: String(body['next_before']) } });
    expect(rest.body).toMatchObject({ changes: [{ flag: 'stock', from: { is_stock_updated: false }, to: { is_stock_updated: true } }], next_before: null });
    expect((await send('GET', '/no-such-order/technical-flags/history')).body).toMatchObject({ status: 404, code: 'ORDER_NOT_FOUND' });
  });
});

describe('a claim', () => {
  it('lets nobody but its holder set the flag of its purpose', async () => {
    const id = await order();
    const held = await claim(id);
    expect(held).toMatchObject({ status: 201, body: { order_id: id, purpose: 'invoice', fencing_token: 1, technical_flags: { has_invoice_created: false } } });
    const refused = await invoice(id, { invoice_id: `FV/${id}` });
    expect(refused).toMatchObject({ status: 409, body: { code: 'ORDER_CLAIMED', purpose: 'invoice', expires_at: held.body['expires_at'] } });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(200);
    expect((await send('PATCH', `/${id}/stock-status`, { body: { is_stock_updated: true } })).status).toBe(200);
    expect((await claim(id)).body).toMatchObject({ status: 409, code: 'ORDER_CLAIMED' });
    expect((await claim(id, 'stock')).status).toBe(201);
    expect((await invoice(id, { invoice_id: `FV/${id}`, ...proofOf(held) })).status).toBe(200);
  });

  it('comes back when its time is over, and what its old holder sends then is refused', async () => {
    const id = await order();
    const old = await claim(id);
    await expire(id);
    expect((await invoice(id, proofOf(old))).body).toMatchObject({ status: 409, code: 'CLAIM_LOST' });
    const next = await claim(id);
    expect(next).toMatchObject({ status: 201, body: { fencing_token: 2 } });
    expect((await invoice(id, proofOf(old))).body).toMatchObject({ status: 409, code: 'CLAIM_LOST' });
    expect((await invoice(id, { ...proofOf(next), fencing_token: 1 })).body).toMatchObject({ status: 409, code: 'CLAIM_LOST' });
    expect((await send('POST', `/${id}/claims/${String(old.body['lease_id'])}/renew`, { body: { fencing_token: 1 } })).body).toMatchObject({
      code: 'CLAIM_LOST',
    });
    expect((await invoice(id, proofOf(next))).status).toBe(200);
  });

  it('is prolonged and given back by its holder', async () => {
    const id = await order();
    const held = await claim(id, 'invoice', { body: { purpose: 'invoice', ttl_seconds: 10 } });
    const path = `/${id}/claims/${String(held.body['lease_id'])}`;
    const renewed = await send('POST', `${path}/renew`, { body: { fencing_token: 1, ttl_seconds: 600 } });
    expect(Date.parse(String(renewed.body['expires_at'])) - Date.parse(String(held.body['expires_at']))).toBeGreaterThan(500_000);
    expect((await send('DELETE', path)).body).toMatchObject({ status: 422, errors: [{ field: 'fencing_token' }] });
    const release = () => send('DELETE', path, { query: { fencing_token: '1' } });
    expect((await release()).body).toMatchObject({ released: true });
    expect((await release()).body).toMatchObject({ released: false });
    expect((await claim(id)).body).toMatchObject({ fencing_token: 2 });
  });

  it.each([
    [{}, 'purpose'],
    [{ purpose: 'tea' }, 'purpose'],
    [{ purpose: 'invoice', ttl_seconds: 4 }, 'ttl_seconds'],
    [{ purpose: 'invoice', ttl_seconds: 3_601 }, 'ttl_seconds'],
    [{ purpose: 'invoice', ttlSeconds: 60 }, 'ttlSeconds'],
    [{ purpose: 'invoice', lease_id: '00000000-0000-4000-8000-000000000001' }, 'lease_id'],
  ])('is refused where it asks for %j, naming %s', async (body, field) => {
    expect((await claim('whatever', '', { body })).body).toMatchObject({ status: 422, errors: [{ field }] });
  });

  it('is seen by the team without what proves it, by pages', async () => {
    const ids = await orders(3);
    for (const id of ids) await claim(id, 'stock', { headers: bearer(tokenOf('tenant-a', { sub: 'packer-1' })) });
    const { body } = await send('GET', '/claims', { query: { purpose: 'stock', limit: '200' } });
    const mine = (body['claims'] as Json[]).filter((row) => ids.includes(String(row['order_id'])));
    expect(mine.map((row) => Object.keys(row).sort())).toEqual(ids.map(() => ['claimed_at', 'expires_at', 'holder', 'order_id', 'purpose']));
    expect(mine.map((row) => row['holder'])).toEqual(['packer-1', 'packer-1', 'packer-1']);
    const first = await send('GET', '/claims', { query: { purpose: 'stock', limit: '1' } });
    const second = await send('GET', '/claims', { query: { purpose: 'stock', limit: '1', after: String(first.body['next']) } });
    expect(second.body['claims']).not.toEqual(first.body['claims']);
    expect((await send('GET', `/${ids[0]!}/claims`)).body).toMatchObject({ claims: [{ order_id: ids[0] }], next: null });
  });

  it('on an order that was replaced is one on the order that replaced it, as every change of its flags', async () => {
    const [old = '', present = ''] = await orders(2);
    await world.owner.query('update orders set merged_into = $2 where order_id = $1', [old, present]);
    const held = await claim(old);
    expect(held.body).toMatchObject({ order_id: present });
    expect((await invoice(present, {})).body).toMatchObject({ code: 'ORDER_CLAIMED' });
    expect((await invoice(old, proofOf(held))).status).toBe(200);
    expect((await send('GET', `/${present}/technical-flags`)).body).toMatchObject({ technical_flags: { has_invoice_created: true } });
    const changes = [old, present].map((id) => ({ order_id: id, is_stock_updated: true }));
    expect(((await send('PATCH', '/technical-flags', { body: { changes } })).body['results'] as Json[]).map((row) => row['code'])).toEqual([
      'ORDER_REPEATED',
      null,
    ]);
    expect((await send('GET', `/${old}/technical-flags/history`)).body).toMatchObject({ replaced_by: present, changes: [] });
  });

  it('is out of reach of other tenants', async () => {
    const id = await order();
    const held = await claim(id);
    const path = `/${id}/claims/${String(held.body['lease_id'])}`;
    const tries = [
      claim(id, 'stock', { tenant: 'tenant-b' }),
      send('GET', '/claims', { tenant: 'tenant-b' }),
      send('GET', `/${id}/claims`, { tenant: 'tenant-b' }),
      send('POST', `${path}/renew`, { tenant: 'tenant-b', body: { fencing_token: 1 } }),
      send('DELETE', path, { tenant: 'tenant-b', query: { fencing_token: '1' } }),
      send('PATCH', '/technical-flags', { tenant: 'tenant-b', body: { changes: [{ order_id: id, is_stock_updated: true }] } }),
      send('GET', `/${id}/technical-flags/history`, { tenant: 'tenant-b' }),
    ];
    expect((await Promise.all(tries)).map(({ status, body }) => [status, body['code']])).toEqual(tries.map(() => [404, 'TOKEN_NOT_FOUND']));
  });

  it('waits for a change that began before it, so that its holder knows of every flag that was set without it', async () => {
    const id = await order();
    const writer = new pg.Client(world.database.ownerUrl);
    await writer.connect();
    await writer.query('begin');
    await writer.query('select from event_log.streams where order_id = $1 for update', [id]);
    const set = invoice(id, {});
    await eventually('the change waits for the writer', () => isWaiting('%event_log.append%'));
    let isClaimed = false;
    const claimed = claim(id).finally(() => (isClaimed = true));
    await eventually('the claim waits for the change', () => isWaiting('%pg_advisory_xact_lock%'));
    expect(isClaimed).toBe(false);
    await writer.query('rollback');
    await writer.end();
    expect((await set).status).toBe(200);
    expect(await claimed).toMatchObject({ status: 201, body: { technical_flags: { has_invoice_created: true } } });
  });

  it('on the same orders asked for by 50 workers at once is given exactly once each', async () => {
    const ids = await orders(20);
    const { winners, refusals } = await claimRound(ids, 50, (id) => claim(id));
    expect([...winners.values()].map((numbers) => numbers.length)).toEqual(ids.map(() => 1));
    expect([...refusals]).toEqual(['409 ORDER_CLAIMED']);
    expect(new Set([...winners.values()].flat()).size).toBeGreaterThan(10);
  });
});
