import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { OrderRecorder } from '../../src/orders/order-recorder.service.js';
import { Database } from '../../src/platform/database/database.js';
import { ForgottenBuyer } from '../../src/platform/erasure/forgotten-buyer.js';
import { HoldersOfCopies } from '../../src/platform/erasure/holders-of-copies.js';
import { RetentionRules } from '../../src/platform/retention/retention-rules.js';
import { bearer, tokenOf } from '../support/access-tokens.js';
import { eventually } from '../support/eventually.js';
import { formReading, inventedForm } from '../support/invented-orders.js';
import { type Json, Service } from '../support/service.js';
import { tokenWorld, type TokenWorld } from '../support/token-app.js';

let world: TokenWorld;
let service: Service;
let shop: { tokenId: string; accountId: string };
let id: string;
let names = 0;

beforeAll(async () => {
  world = await tokenWorld();
  service = await Service.start(world, { env: { DATABASE_POOL_SIZE: '20' } });
  shop = await service.connect();
});
afterAll(async () => {
  await service.stop();
  await world.release();
});
beforeEach(async () => {
  id = `order-${String((names += 1))}`;
  const forms = [formReading(inventedForm(id))];
  await service.app.get(OrderRecorder).record({ accountId: shop.accountId, fence: null, actor: 'sync', journal: [], forms });
});

interface Sent {
  readonly path?: string;
  readonly body?: Json;
  readonly key?: string;
  readonly sub?: string;
  readonly query?: Record<string, string>;
}

/** A claim is made once: without the key the second one would be refused. */
async function post({ path = `/orders/${id}/claims`, body = { purpose: 'invoice' }, key = `key-of-${id}`, sub, query = {} }: Sent = {}) {
  const answer = await service.app.inject({
    method: 'POST',
    url: `/api/v1${path}`,
    query: { token_id: shop.tokenId, ...query },
    headers: { ...bearer(tokenOf('tenant-a', sub === undefined ? {} : { sub })), 'content-type': 'application/json', 'idempotency-key': key },
    payload: JSON.stringify(body),
  });
  return { status: answer.statusCode, body: answer.json<Json>(), replayed: answer.headers['idempotency-replayed'], headers: answer.headers };
}

const age = (interval: string) => world.owner.query(`update idempotency_keys set created_at = now() - $2::interval where key = $1`, [`key-of-${id}`, interval]);
const stored = async () => (await world.owner.query<Json>('select * from idempotency_keys where key = $1', [`key-of-${id}`])).rows;

/** Holds claims back until it is told to go on. */
async function holdClaims(): Promise<() => Promise<void>> {
  const holder = new pg.Client(world.database.ownerUrl);
  await holder.connect();
  await holder.query('begin');
  await holder.query('lock table order_claims in share row exclusive mode');
  return async () => {
    await holder.query('rollback');
    await holder.end();
  };
}

async function waiting(): Promise<number> {
  const { rowCount } = await world.owner.query("select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()");
  return rowCount ?? 0;
}

describe('a POST with an Idempotency-Key', () => {
  it('is done once; whoever repeats it gets the first answer', async () => {
    const first = await post();
    const second = await post();
    expect([first, second].map(({ status, replayed }) => [status, replayed])).toEqual([
      [201, undefined],
      [201, 'true'],
    ]);
    expect(second.body).toEqual(first.body);
  });

  it('sent fifty times at once has one effect', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => post()));
    const done = answers.filter(({ status }) => status === 201);
    expect(new Set(done.map(({ body }) => body['lease_id'])).size).toBe(1);
    expect(done.filter(({ replayed }) => replayed === undefined)).toHaveLength(1);
    expect(new Set(answers.filter(({ status }) => status !== 201).map(({ body }) => `${String(body['status'])} ${String(body['code'])}`))).toEqual(
      new Set(['409 IDEMPOTENCY_KEY_IN_FLIGHT']),
    );
  });

  it('is refused when the key stands for another body, query or route', async () => {
    await post();
    const others = [{ body: { purpose: 'stock' } }, { query: { more: '1' } }, { path: `/orders/${id}/replay`, body: {} }];
    for (const other of others) expect((await post(other)).body).toMatchObject({ status: 422, code: 'IDEMPOTENCY_KEY_REUSED' });
    expect((await post({ body: { purpose: 'stock' }, key: 'another' })).status).toBe(201);
  });

  it('that failed may be corrected under the same key', async () => {
    expect((await post({ body: { purpose: 'tea' } })).body).toMatchObject({ status: 422, code: 'VALIDATION_FAILED' });
    expect(await stored()).toEqual([]);
    expect(await post()).toMatchObject({ status: 201, replayed: undefined });
  });

  it('belongs to its caller alone', async () => {
    await post({ sub: 'worker-1' });
    expect((await post({ sub: 'worker-2' })).body).toMatchObject({ status: 409, code: 'ORDER_CLAIMED' });
  });

  it('is 409 while the first one is being answered, and the first one again when its process died', async () => {
    const release = await holdClaims();
    const first = post();
    await eventually('the first request is held back', async () => (await waiting()) === 1);
    const second = await post();
    expect(second).toMatchObject({ status: 409, headers: { 'retry-after': '1' }, body: { code: 'IDEMPOTENCY_KEY_IN_FLIGHT' } });
    expect((await post({ body: { purpose: 'stock' } })).body).toMatchObject({ status: 422, code: 'IDEMPOTENCY_KEY_REUSED' });
    // What a crash leaves behind: a lease that nobody ends.
    await world.owner.query("update idempotency_keys set owner = gen_random_uuid(), locked_until = now() - interval '1 second' where key = $1", [
      `key-of-${id}`,
    ]);
    const third = post();
    await eventually('the same request is done anew', async () => (await waiting()) === 2);
    await release();
    // One of the two found the other's claim; neither answer is stored as the other's.
    expect([(await first).status, (await third).status].sort()).toEqual([201, 409]);
  });

  it.each(['a b', '', 'x'.repeat(256), 'zażółć'])('is refused with a key that is none: %j', async (key) => {
    expect((await post({ key: Buffer.from(key).toString('latin1') })).body).toMatchObject({ status: 422, errors: [{ field: 'Idempotency-Key' }] });
  });
});

describe('what is kept of an Idempotency-Key', () => {
  it('shows neither the request nor its answer to whoever reads the table', async () => {
    const { body } = await post();
    const [row] = await stored();
    const bytes = Buffer.concat([row?.['answer'] as Buffer, row?.['fingerprint'] as Buffer]).toString('latin1');
    expect(bytes).not.toContain(String(body['lease_id']));
    expect(bytes).not.toContain('invoice');
  });

  it('loses the answer with the buyer it is about, and is still no second effect', async () => {
    await post();
    const forgetting = { erasureId: 'e-1', tenantId: 'tenant-a', accountId: shop.accountId, until: new Date(), orders: [{ streamId: '1', orderId: id }] };
    const holder = service.app.get(HoldersOfCopies).holders.find(({ name }) => name === 'idempotent_answers');
    expect(await holder?.forget(new ForgottenBuyer(forgetting, { ids: [], texts: [] }))).toBe(1);
    expect((await post()).body).toMatchObject({ status: 409, code: 'IDEMPOTENT_ANSWER_FORGOTTEN' });
    expect(await holder?.forget(new ForgottenBuyer(forgetting, { ids: [], texts: [] }))).toBe(0);
  });

  it('is for a day: then the key is new, and its row goes', async () => {
    await post();
    await age('23 hours 59 minutes');
    expect((await post()).replayed).toBe('true');
    await age('24 hours 1 minute');
    expect((await post()).body).toMatchObject({ code: 'ORDER_CLAIMED' });
    await post({ body: { purpose: 'stock' } });
    await age('25 hours');
    const rule = service.app.get(RetentionRules).all.find(({ name }) => name === 'idempotency_keys');
    const remove = () => service.app.get(Database).transaction((tx) => rule!.remove(tx, { days: rule!.days, limit: 10 }));
    expect(await remove()).toBeGreaterThan(0);
    expect(await stored()).toEqual([]);
  });
});
