import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../src/core/json.js';
import { ChainVerifier } from '../../src/platform/event-log/chain-verifier.js';
import { AccountSync, type SyncRequest } from '../../src/sync/account-sync.service.js';
import { type CrashPlace, type CrashPoint, FailingEffects } from '../support/failing-effects.js';
import { syncRequest } from '../support/run-sync.js';
import { Service } from '../support/service.js';
import { type TokenWorld, tokenWorld } from '../support/token-app.js';

const ORDERS = 120;
/** Each is bought, filled in and paid: three journal events. */
const NEW_ORDERS = 100;
/** A transaction of the recorder takes 200 orders. */
const MORE_THAN_A_TRANSACTION = 230;

let world: TokenWorld;
let service: Service;
const effects = new FailingEffects();
const tenants = { used: 0 };

const rows = async <Row extends object>(sql: string, values: unknown[] = []): Promise<Row[]> => (await world.owner.query<Row>(sql, values)).rows;

/** A tenant of its own sees an account of its own: each crash starts from nothing. */
async function freshAccount(): Promise<SyncRequest> {
  tenants.used += 1;
  const tenantId = `tenant-${String(tenants.used)}`;
  const account = await service.connect('shop', undefined, tenantId);
  return syncRequest({ ...account, tenantId });
}

const run = (request: SyncRequest) => service.app.get(AccountSync).run(request);

/** Everything the cursor has passed is in the log: an order of each visible event, or it is owed. */
async function cursorIsCovered(accountId: string): Promise<boolean> {
  const [cursor] = await rows<{ last_event_id: string | null; start_event_id: string | null }>('select * from sync_cursors where account_id = $1', [accountId]);
  if (!cursor?.last_event_id) return true;
  const known = new Set(
    (await rows<{ dedup_key: string }>('select dedup_key from event_log.order_events where account_id = $1', [accountId])).map((row) => row.dedup_key),
  );
  const passed = world.sandbox
    .journal()
    .filter(
      (event) =>
        event.visible === true &&
        BigInt(String(event.id)) > BigInt(cursor.start_event_id ?? '0') &&
        BigInt(String(event.id)) <= BigInt(cursor.last_event_id ?? '0'),
    );
  return passed.every((event) => known.has(`j:${String(event.id)}`));
}

async function state(accountId: string) {
  const orders = await rows<{ order_id: string; document: JsonObject }>(
    'select o.order_id, d.document from orders o join order_documents d using (stream_id) where o.account_id = $1',
    [accountId],
  );
  const doubled = await rows('select order_id, dedup_key from event_log.order_events where account_id = $1 group by 1, 2 having count(*) > 1', [accountId]);
  const sameForm = await rows(
    `select e.order_id from event_log.order_events e join event_log.order_events f on f.stream_id = e.stream_id and f.version > e.version
     where e.account_id = $1 and e.type = 'form.read' and f.type = 'form.read' and e.payload::text = f.payload::text`,
    [accountId],
  );
  return { orders: new Map(orders.map((row) => [row.order_id, row.document])), doubled: doubled.length + sameForm.length };
}

const POINTS: CrashPoint[] = ['before', 'after'];

/** Answers whether the run had so many effects at all. */
async function crash(request: SyncRequest, n: CrashPlace, point: CrashPoint): Promise<boolean> {
  effects.arm(n, point);
  await run(request).catch((error: unknown) => error);
  const { reached } = effects;
  effects.disarm();
  expect(await cursorIsCovered(request.accountId)).toBe(true);
  return reached;
}

async function expectWhole(request: SyncRequest, n: CrashPlace | string): Promise<void> {
  expect(await run(request)).toMatchObject({ kind: 'ended', end: { status: 'COMPLETED', error: null } });
  const { orders, doubled } = await state(request.accountId);
  expect({ n, doubled, orders: [...orders.keys()].sort() }).toEqual({ n, doubled: 0, orders: world.sandbox.orderIds().sort() });
  expect(await service.app.get(ChainVerifier).verify({ accountId: request.accountId })).toMatchObject({ verified: true });
}

describe.each(POINTS)('a sync that crashes right %s each of its outside effects, one after the other', (point) => {
  // A shop of its own: the orders the other one's tests brought would be synced again at each crash.
  beforeAll(async () => {
    world = await tokenWorld({ orders: ORDERS, seed: 23, sessionsPerSeller: 1_000 });
    service = await Service.start(world, { effects });
  });

  afterAll(async () => {
    await service.stop();
    await world.release();
  });

  it('loses and doubles nothing of the history, and its cursor is never ahead of the log', async () => {
    const whole = await freshAccount();
    effects.disarm();
    await run(whole);
    const total = effects.performed.length;
    expect(total).toBeGreaterThan(6);
    const { orders } = await state(whole.accountId);
    for (let n = 1; n <= total; n += 1) {
      const request = await freshAccount();
      await crash(request, n, point);
      await expectWhole(request, n);
      expect((await state(request.accountId)).orders).toEqual(orders);
    }
  }, 400_000);

  it('loses and doubles nothing of 300 journal events, and its cursor is never ahead of the log', async () => {
    const request = await freshAccount();
    await run(request);
    let crashes = 0;
    for (let reached = true; reached; crashes += 1) {
      world.sandbox.createOrders({ count: NEW_ORDERS, status: 'READY_FOR_PROCESSING' });
      world.sandbox.advanceClock(60_000);
      reached = await crash(request, crashes + 1, point);
      await expectWhole(request, crashes + 1);
    }
    expect(crashes).toBeGreaterThan(3);
  }, 400_000);

  // Every effect of a page is met above; here are those between the transactions one page is cut into.
  it('loses and doubles nothing of a page of more orders than one transaction takes', async () => {
    const request = await freshAccount();
    await run(request);
    world.sandbox.createOrders({ count: MORE_THAN_A_TRANSACTION, status: 'READY_FOR_PROCESSING' });
    world.sandbox.advanceClock(60_000);
    expect(await crash(request, { name: 'log.record', occurrence: 2 }, point)).toBe(true);
    await expectWhole(request, 'the second transaction of a page');
  }, 120_000);

  it.each<CrashPlace>(['run.open', 'allegro.forms', 'log.record', { name: 'log.record', occurrence: 2 }, 'run.finish'])(
    'loses and doubles nothing of a coarse sync, which goes on where it stood: %j',
    async (place) => {
      const request: SyncRequest = { ...(await freshAccount()), syncType: 'full', taskId: randomUUID() };
      const runOf = () =>
        rows<{ sync_status: string; resume_from: Date | null }>('select sync_status, resume_from from sync_runs where task_id = $1', [request.taskId]);
      expect(await crash(request, place, point)).toBe(true);
      if (typeof place !== 'string') expect(await runOf()).toEqual([{ sync_status: 'RUNNING', resume_from: expect.any(Date) }]);
      await expectWhole(request, place);
      expect(await runOf()).toEqual([{ sync_status: 'COMPLETED', resume_from: expect.any(Date) }]);
    },
    120_000,
  );

  // Pages vary from run to run, so a number can miss an effect that a name meets.
  it.each(['allegro.events', 'allegro.forms', 'log.record', 'run.finish'])(
    'has its cursor never ahead of the log when it is the effect %s of a journal page',
    async (name) => {
      const request = await freshAccount();
      await run(request);
      world.sandbox.createOrders({ count: 30, status: 'READY_FOR_PROCESSING' });
      world.sandbox.advanceClock(60_000);
      expect(await crash(request, name, point)).toBe(true);
      await expectWhole(request, name);
    },
  );
});
