import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { JsonObject } from '../../src/core/json.js';
import { ErasureCleaning } from '../../src/erasure/erasure-cleaning.service.js';
import { DirectExports } from '../../src/exports/direct-exports.service.js';
import { ErasureUnderWay, ExportTaken, ExportWriting } from '../../src/exports/export-writing.service.js';
import { SENT_WITHIN_MS } from '../../src/exports/exported-file.js';
import { renditionOf } from '../../src/exports/rendition.js';
import { OrdersForExport } from '../../src/orders/orders-for-export.read-model.js';
import { OrderRecorder } from '../../src/orders/order-recorder.service.js';
import { Database } from '../../src/platform/database/database.js';
import { RetentionRules } from '../../src/platform/retention/retention-rules.js';
import { bearer, tokenOf } from '../support/access-tokens.js';
import { eventually } from '../support/eventually.js';
import { formReading, inventedForm } from '../support/invented-orders.js';
import { type Json, Service } from '../support/service.js';
import { type TokenWorld, tokenWorld } from '../support/token-app.js';

/** Five pieces of a direct export, three of a file, two of the list of ids. */
const ORDERS = 250;

let world: TokenWorld;
let service: Service;
let shop: { tokenId: string; accountId: string };
let minute = 0;

const get = <T>(type: abstract new (...args: never[]) => T): T => service.app.get<T>(type, { strict: false });
const idOf = (number: number) => `o-${String(number).padStart(3, '0')}`;
const bought = (number: number, hour = 0) => {
  const at = new Date(Date.UTC(2026, 2, 1, hour, number)).toISOString();
  return { lineItems: [{ id: 'line', quantity: 1, offer: { id: '7', name: 'Brick' }, boughtAt: at }] };
};

/** Reads forms as a sync does, each later than the one before. */
async function read(forms: readonly JsonObject[]): Promise<void> {
  minute += 1;
  const at = new Date(Date.parse('2026-03-02T09:00:00.000Z') + minute * 60_000).toISOString();
  const readings = forms.map((form) => formReading({ ...form, updatedAt: at }, at));
  await get(OrderRecorder).record({ accountId: shop.accountId, fence: null, actor: 'sync', journal: [], forms: readings });
}

beforeAll(async () => {
  world = await tokenWorld();
  service = await Service.start(world);
  shop = await service.connect('shop');
  await read(Array.from({ length: ORDERS }, (_, number) => inventedForm(idOf(number), { ...bought(number), status: number < 5 ? 'CANCELLED' : 'BOUGHT' })));
});
afterAll(async () => {
  await service.stop();
  await world.release();
});

interface Asking {
  readonly method?: 'GET' | 'POST' | 'DELETE' | 'HEAD';
  readonly tenant?: string;
  readonly roles?: readonly string[];
  readonly headers?: Record<string, string>;
  readonly body?: Json;
}

async function ask(path: string, { method = 'GET', tenant = 'tenant-a', roles = ['seller'], headers = {}, body }: Asking = {}) {
  const all = { ...bearer(tokenOf(tenant, { roles })), 'content-type': 'application/json', ...headers };
  return service.app.inject({ method, url: `/api/v1${path}`, headers: all, ...(body ? { payload: JSON.stringify(body) } : {}) });
}

const stream = (query: string) => ask(`/exports/orders?token_id=${shop.tokenId}${query}`);
const listed = async (query: string): Promise<Json[]> => {
  const { body } = await service.call('GET', `/orders?token_id=${shop.tokenId}&limit=100${query}`);
  return body['orders'] as Json[];
};
const lines = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Json);
const orderFile = async (body: Json = {}) => (await ask('/exports', { method: 'POST', body: { token_id: shop.tokenId, ...body } })).json<Json>();
const write = (id: unknown, progress: (fraction: number) => Promise<void> = () => Promise.resolve()) => get(ExportWriting).write(String(id), progress);
const view = async (id: unknown) => (await ask(`/exports/${String(id)}`)).json<Json>();
const fileOf = (id: unknown, headers: Record<string, string> = {}) => ask(`/exports/${String(id)}/file`, { headers });
const pieces = async (id: unknown) =>
  (await world.owner.query<{ sealed: Buffer }>('select sealed from order_export_chunks where export_id = $1 order by starts_at', [id])).rows;

describe('a direct export', () => {
  it('holds the orders of the list as the list answers them, filtered and sorted alike', async () => {
    const orders = await listed('&status=CANCELLED');
    expect(orders).toHaveLength(5);
    const [json, ndjson] = [await stream('&format=json&status=CANCELLED'), await stream('&format=ndjson&status=CANCELLED')];
    expect(json.json()).toEqual({ success: true, orders, total: 5 });
    expect([json.statusCode, json.headers['content-type'], json.headers['cache-control']]).toEqual([200, 'application/json; charset=utf-8', 'no-store']);
    expect(lines(ndjson.body)).toEqual(orders);
    expect(lines((await stream('&format=ndjson&to_date=2026-03-01T00:01:00&stock_updated=False&sort=updated')).body)).toEqual(
      await listed('&to_date=2026-03-01T00:01:00&stock_updated=False&sort=updated'),
    );
  });

  it('is CSV with a line for each order when nothing else is asked for', async () => {
    const plain = await stream('');
    expect(plain.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8; header=present',
      'content-disposition': 'attachment; filename="orders.csv"',
    });
    const [head = '', first = '', ...rest] = plain.body.split('\r\n');
    expect(head).toMatch(/^order_id,bought_at,/);
    expect(first).toMatch(/^o-249,2026-03-01T04:09:00\.000Z,BOUGHT,/);
    expect(rest.at(-1)).toBe('');
    expect(rest).toHaveLength(ORDERS);
    expect((await stream('&delimiter=;&bom=true')).body).toMatch(/^\uFEFForder_id;bought_at;/);
    expect((await stream('&marketplace=nowhere')).body).toBe(`${head}\r\n`);
  });

  it('has no holes and no doubles while orders move through the list and new ones come', async () => {
    const rendition = renditionOf('ndjson', { delimiter: ',', bom: false });
    const wanted = { tenantId: 'tenant-a', ...shop, filter: {}, rendition };
    const before = lines((await stream('&format=ndjson')).body).map(({ id }) => id);
    let text = '';
    let round = 0;
    for await (const piece of get(DirectExports).stream(wanted) as AsyncIterable<Buffer>) {
      text += piece.toString();
      round += 1;
      // What would have come last is bought again and stands first in the list; what came first is sent; one is new.
      if (round === 1) await read([...[0, 1, 2].map((number) => inventedForm(idOf(number), bought(number, 12))), inventedForm('o-new', bought(0, 13))]);
    }
    expect(round).toBe(5);
    expect(lines(text).map(({ id }) => id)).toEqual(before);
    expect((await listed('')).slice(0, 4).map(({ id }) => id)).toEqual(['o-new', idOf(2), idOf(1), idOf(0)]);
  });

  it('is sent for longer than other answers may take', async () => {
    const all = lines((await stream('&format=ndjson')).body);
    const limitMs = 300;
    const limits = new Map<string, number | undefined>();
    const onRoute = ({ url, handlerTimeout }: { url: string; handlerTimeout?: number }) => limits.set(url, handlerTimeout);
    const hurried = await Service.start(world, { handlerTimeoutMs: limitMs, onRoute });
    const orders = hurried.app.get(OrdersForExport, { strict: false });
    const read = orders.read.bind(orders);
    let waitedMs = 0;
    jest.spyOn(orders, 'read').mockImplementation(async (...asked) => {
      await setTimeout(limitMs / 2);
      waitedMs += limitMs / 2;
      return read(...asked);
    });
    const { statusCode, body } = await hurried.app.inject({
      url: `/api/v1/exports/orders?token_id=${shop.tokenId}&format=ndjson`,
      headers: bearer(tokenOf('tenant-a')),
    });
    await hurried.stop();
    for (const path of ['orders', ':export_id/file']) expect(limits.get(`/api/v1/exports/${path}`)).toBe(SENT_WITHIN_MS);
    expect(waitedMs).toBeGreaterThan(limitMs);
    expect([statusCode, lines(body)]).toEqual([200, all]);
  });

  it('is refused while two of the tenant are being sent, and not any more when one of them has ended', async () => {
    const rendition = renditionOf('csv', { delimiter: ',', bom: false });
    const wanted = { tenantId: 'tenant-a', ...shop, filter: {}, rendition };
    const [first, second] = [get(DirectExports).stream(wanted), get(DirectExports).stream(wanted)];
    const refused = await stream('');
    expect([refused.statusCode, refused.json<Json>()['code'], refused.headers['retry-after']]).toEqual([429, 'TOO_MANY_EXPORTS', '10']);
    first.destroy();
    await eventually('one has ended', async () => ((await stream('')).statusCode === 200 ? true : null));
    second.destroy();
  });

  it('refuses what the list refuses, by name', async () => {
    const reversed = await stream('&from_date=2026-03-02&to_date=2026-03-01');
    expect([reversed.statusCode, (reversed.json<Json>()['errors'] as Json[])[0]?.['field']]).toEqual([422, 'from_date']);
    for (const [query, field] of [
      ['&format=xml', 'format'],
      ['&delimiter=|', 'delimiter'],
      ['&stock_updated=maybe', 'stock_updated'],
    ] as const) {
      const { statusCode, json } = await stream(query);
      expect([statusCode, (json<Json>()['errors'] as Json[]).map((error) => error['field'])]).toEqual([422, [field]]);
    }
    expect((await ask('/exports', { method: 'POST', body: { token_id: shop.tokenId, limit: 3 } })).statusCode).toBe(422);
  });
});

describe('an export into a file', () => {
  it('goes on behind its last piece after a crash, and is the file it would have been', async () => {
    const { id } = await orderFile({ format: 'json' });
    expect(await view(id)).toMatchObject({ state: 'waiting', progress: 0, rows: 0, rows_total: null, sha256: null });
    let told = 0;
    const crash = write(id, async () => {
      told += 1;
      if (told === 2) throw new Error('the process died');
      await Promise.resolve();
    });
    await expect(crash).rejects.toThrow('the process died');
    const [first, second] = await pieces(id);
    expect(await view(id)).toMatchObject({ rows: 200, rows_total: ORDERS + 1, sha256: null });
    await read([inventedForm(idOf(0), bought(0, 20)), inventedForm('o-newer', bought(0, 21))]);
    await write(id);
    const after = await pieces(id);
    expect(after).toHaveLength(3);
    expect(after.slice(0, 2)).toEqual([first, second]);
    const file = await fileOf(id);
    const { orders, total } = file.json<{ orders: Json[]; total: number }>();
    expect(total).toBe(ORDERS + 1);
    expect(new Set(orders.map((order) => order['id'])).size).toBe(ORDERS + 1);
    const done = await view(id);
    expect(done).toMatchObject({ state: 'ready', progress: 1, rows: ORDERS + 1, bytes: file.rawPayload.length });
    expect(done['sha256']).toBe(createHash('sha256').update(file.rawPayload).digest('hex'));
    await write(id); // once more: nothing to do
    expect(await pieces(id)).toEqual(after);
  });

  it('is given in ranges that make the whole, and as a whole where the range is of another file', async () => {
    const { id } = await orderFile({ format: 'csv', delimiter: ';', bom: true, status: 'BOUGHT' });
    await write(id);
    const whole = await fileOf(id, { 'accept-encoding': 'gzip' });
    const { etag } = whole.headers;
    const size = whole.rawPayload.length;
    expect(whole.headers).toMatchObject({ 'content-length': String(size), 'accept-ranges': 'bytes' });
    expect(whole.headers['content-encoding']).toBeUndefined();
    expect(etag).toBe(`"${createHash('sha256').update(whole.rawPayload).digest('hex')}"`);
    const cut = Math.floor(size * 0.6);
    const parts = [await fileOf(id, { range: `bytes=0-${String(cut - 1)}` }), await fileOf(id, { range: `bytes=${String(cut)}-`, 'if-range': String(etag) })];
    expect(parts.map(({ statusCode, headers }) => [statusCode, headers['content-range']])).toEqual([
      [206, `bytes 0-${String(cut - 1)}/${String(size)}`],
      [206, `bytes ${String(cut)}-${String(size - 1)}/${String(size)}`],
    ]);
    expect(Buffer.concat(parts.map(({ rawPayload }) => rawPayload)).equals(whole.rawPayload)).toBe(true);
    const other = await fileOf(id, { range: 'bytes=5-', 'if-range': '"another"' });
    expect([other.statusCode, other.rawPayload.length]).toEqual([200, size]);
    const behind = await fileOf(id, { range: `bytes=${String(size)}-` });
    expect([behind.statusCode, behind.json<Json>()['code'], behind.headers['content-range']]).toEqual([
      416,
      'RANGE_NOT_SATISFIABLE',
      `bytes */${String(size)}`,
    ]);
  });

  it.each(['csv', 'json', 'ndjson'])('without orders is a whole %s file', async (format) => {
    const { id } = await orderFile({ format, marketplace: 'nowhere' });
    await write(id);
    expect(await view(id)).toMatchObject({ state: 'ready', progress: 1, rows: 0, rows_total: 0 });
    const file = await fileOf(id);
    expect([file.statusCode, file.body]).toEqual([200, (await stream(`&format=${format}&marketplace=nowhere`)).body]);
  });

  it('takes null in a body for what is not asked for', async () => {
    const nulls = { format: null, delimiter: null, bom: null, order_status: null, from_date: null, stock_updated: null, sort: null };
    const { id } = await orderFile({ ...nulls, status: 'CANCELLED' });
    await write(id);
    expect((await fileOf(id)).body).toBe((await stream('&status=CANCELLED')).body);
  });

  it('is stored sealed', async () => {
    const { id } = await orderFile({ format: 'ndjson' });
    await write(id);
    const [piece] = await pieces(id);
    expect(() => gunzipSync(piece?.sealed ?? Buffer.alloc(0))).toThrow();
    expect((await fileOf(id)).body).toContain('Zmyślona');
  });

  it('is not found by another tenant, refused to support, and gone once it is deleted', async () => {
    const { id } = await orderFile();
    expect((await fileOf(id)).json<Json>()['code']).toBe('EXPORT_NOT_READY');
    await write(id);
    for (const path of [`/exports/${String(id)}`, `/exports/${String(id)}/file`]) {
      expect((await ask(path, { tenant: 'tenant-b' })).json<Json>()['code']).toBe('EXPORT_NOT_FOUND');
      expect((await ask(`${path}?user_id=tenant-a`, { tenant: 'staff', roles: ['support'] })).statusCode).toBe(404);
    }
    expect((await ask(`/exports/${String(id)}`, { method: 'DELETE', tenant: 'tenant-b' })).statusCode).toBe(404);
    expect((await ask(`/exports/${String(id)}`, { method: 'DELETE' })).statusCode).toBe(204);
    expect(await pieces(id)).toEqual([]);
    for (const path of [`/exports/${String(id)}`, `/exports/${String(id)}/file`, '/exports/..%2F..%2Fetc']) expect((await ask(path)).statusCode).toBe(404);
  });

  it.each(['csv', 'json', 'ndjson'])('answers a HEAD with the length and the tag of the %s, whole and of a range', async (format) => {
    const { id } = await orderFile({ format });
    await write(id);
    for (const range of [{}, { range: 'bytes=5-20' }] as Record<string, string>[]) {
      const path = `/exports/${String(id)}/file`;
      const [head, got] = [await ask(path, { method: 'HEAD', headers: range }), await ask(path, { headers: range })];
      const of = ({ statusCode, headers }: typeof got) => [
        statusCode,
        headers['content-length'],
        headers['content-type'],
        headers.etag,
        headers['content-range'],
      ];
      expect(of(head)).toEqual(of(got));
      expect(head.body).toBe('');
    }
    expect((await ask(`/exports/orders?token_id=${shop.tokenId}&format=${format}`, { method: 'HEAD' })).headers['content-length']).toBeUndefined();
    await ask(`/exports/${String(id)}`, { method: 'DELETE' });
  });

  it('is listed for its tenant, newest first and in pages, until it is deleted', async () => {
    const before = (await ask('/exports')).json<{ exports: Json[] }>().exports.map(({ id }) => id);
    const ids: unknown[] = [];
    for (const format of ['csv', 'json', 'ndjson']) ids.unshift((await orderFile({ format }))['id']);
    const pages: unknown[] = [];
    let query = '?limit=2';
    for (;;) {
      const { exports, next_cursor: next } = (await ask(`/exports${query}`)).json<{ exports: Json[]; next_cursor: string | null }>();
      pages.push(...exports.map(({ id }) => id));
      if (next === null) break;
      query = `?limit=2&cursor=${encodeURIComponent(next)}`;
      expect((await ask(`/exports${query}`, { tenant: 'tenant-b' })).statusCode).toBe(422);
      for (const other of [`${next}=`, `${next}A`, next.slice(1)]) expect((await ask(`/exports?cursor=${encodeURIComponent(other)}`)).statusCode).toBe(422);
    }
    expect(pages).toEqual([...ids, ...before]);
    expect((await ask('/exports', { tenant: 'tenant-b' })).json()).toEqual({ exports: [], next_cursor: null });
    for (const id of ids) await ask(`/exports/${String(id)}`, { method: 'DELETE' });
    expect((await ask('/exports')).json<{ exports: Json[] }>().exports.map(({ id }) => id)).toEqual(before);
  });

  it('stops being written when it is deleted', async () => {
    const { id } = await orderFile();
    const run = write(id, async (fraction) => {
      if (fraction < 0.5) await ask(`/exports/${String(id)}`, { method: 'DELETE' });
    });
    await expect(run).rejects.toThrow(ExportTaken);
    expect(await pieces(id)).toEqual([]);
  });

  it('ages out a week after it was written, its last piece with it', async () => {
    const { id } = await orderFile();
    await write(id);
    const kept = await orderFile();
    await world.owner.query(`update order_exports set finished_at = now() - interval '8 days', expires_at = now() - interval '1 day' where id = $1`, [id]);
    expect(await view(id)).toMatchObject({ state: 'expired' });
    const expired = await fileOf(id);
    expect([expired.statusCode, expired.json<Json>()['code']]).toEqual([410, 'EXPORT_GONE']);
    const rule = get(RetentionRules).all.find(({ name }) => name === 'exports');
    const turn = (limit: number) => get(Database).transaction(async (tx) => rule?.remove(tx, { days: rule.days, limit }));
    expect([await turn(2), await turn(2), await turn(2)]).toEqual([2, 2, 0]);
    expect((await ask(`/exports/${String(id)}`)).statusCode).toBe(404);
    expect(await view(kept['id'])).toMatchObject({ state: 'waiting' });
  });
});

describe('an export and a buyer who is erased', () => {
  it('is never written with what the erasure has not cleaned yet, and a file that holds the buyer is deleted', async () => {
    const [holding, other, late] = [await orderFile({ format: 'ndjson' }), await orderFile({ status: 'CANCELLED' }), await orderFile({ format: 'ndjson' })];
    await write(holding['id']);
    await write(other['id']);
    const body = { token_id: shop.tokenId, order_id: idOf(100), reason: 'ticket 4711' };
    const erasure = (await ask('/erasures', { method: 'POST', roles: ['operator'], body })).json<Json>();
    await expect(write(late['id'])).rejects.toThrow(ErasureUnderWay);
    const [piece] = await pieces(late['id']);
    expect(piece === undefined || (await view(late['id']))['rows'] === 100).toBe(true);
    await get(ErasureCleaning).clean(String(erasure['id']));
    expect(await view(holding['id'])).toMatchObject({ state: 'erased' });
    expect((await fileOf(holding['id'])).json<Json>()['code']).toBe('EXPORT_GONE');
    expect(await pieces(holding['id'])).toEqual([]);
    expect((await fileOf(other['id'])).statusCode).toBe(200);
    const anew = await orderFile({ format: 'ndjson' });
    await write(anew['id']);
    const text = (await fileOf(anew['id'])).body;
    expect(text).toContain(idOf(100));
    expect(text).not.toContain(`buyer.of.${idOf(100)}@`);
  });
});

describe('the service with its workers', () => {
  it('writes what is owed, and says what it wrote', async () => {
    const { id } = await orderFile({ format: 'csv', invoice_created: false, from_date: '2026-03-01T01:00:00Z' });
    const worker = await Service.start(world, { role: 'worker' });
    const done = await eventually('the file is written', async () => {
      const now = await view(id);
      return now['state'] === 'ready' ? now : null;
    });
    expect(done).toMatchObject({ progress: 1, expires_at: expect.any(String), finished_at: expect.any(String) });
    expect((await fileOf(id)).body).toBe((await stream('&from_date=2026-03-01T01:00:00Z&invoice_created=false')).body);
    await worker.stop();
  });
});
