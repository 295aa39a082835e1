import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Problem } from '../../src/core/problem.js';
import type { JsonObject } from '../../src/core/json.js';
import { ChainVerifier } from '../../src/platform/event-log/chain-verifier.js';
import { WriterLeases } from '../../src/platform/event-log/writer-leases.js';
import { AccountSync, type SyncRequest } from '../../src/sync/account-sync.service.js';
import { runSync, syncRequest } from '../support/run-sync.js';
import { Service } from '../support/service.js';
import { type TokenWorld, tokenWorld } from '../support/token-app.js';

let world: TokenWorld;
let service: Service;
let account: { tokenId: string; accountId: string };

beforeAll(async () => {
  world = await tokenWorld({ orders: 300, seed: 11 });
  service = await Service.start(world);
  account = await service.connect();
});

afterAll(async () => {
  await service.stop();
  await world.release();
});

const sync = (changes: Partial<SyncRequest> = {}) => runSync(service, { ...account, ...changes });

const rows = async <Row extends object>(sql: string): Promise<Row[]> => (await world.owner.query<Row>(sql)).rows;
const requests = () => world.sandbox.stats().requests;

async function held(): Promise<Map<string, JsonObject>> {
  const documents = await rows<{ order_id: string; document: JsonObject }>(
    'select o.order_id, d.document from orders o join order_documents d using (stream_id)',
  );
  return new Map(documents.map((row) => [row.order_id, row.document]));
}

describe('the first sync of an account', () => {
  it('imports the history, then drains the journal from the place remembered before it', async () => {
    const { end, tally } = await sync();
    expect(end).toEqual({ status: 'COMPLETED', error: null, cause: null });
    const documents = await held();
    expect([...documents.keys()].sort()).toEqual(world.sandbox.orderIds().sort());
    expect(tally.created.size).toBe(documents.size);
    const [cursor] = await rows<{ history_done_at: Date | null; start_event_id: string }>('select * from sync_cursors');
    expect(cursor?.history_done_at).toBeInstanceOf(Date);
    expect(cursor?.start_event_id).toMatch(/^\d{16}$/);
  });

  it('costs a handful of requests and writes no run row when nothing is new', async () => {
    const before = { requests: requests(), runs: await rows('select id from sync_runs') };
    const { tally } = await sync();
    expect(tally.changedAnything).toBe(false);
    expect(requests() - before.requests).toBeLessThanOrEqual(2);
    expect(await rows('select id from sync_runs')).toHaveLength(before.runs.length);
  });
});

describe('the incremental sync', () => {
  it('brings new and changed orders in, each change once', async () => {
    const [fresh] = world.sandbox.createOrders({ count: 1, status: 'READY_FOR_PROCESSING' });
    world.sandbox.advanceClock(60_000);
    const { tally } = await sync();
    expect(tally.created.has(fresh ?? '')).toBe(true);
    expect((await held()).get(fresh ?? '')?.status).toBe('READY_FOR_PROCESSING');
    expect((await sync()).tally.changedAnything).toBe(false);
  });

  it('owes an order whose form cannot be read, moves on, and lands it when it can', async () => {
    const [broken, fine] = world.sandbox.createOrders({ count: 2, status: 'READY_FOR_PROCESSING' });
    world.sandbox.setOrderFault(broken ?? '', 'poison');
    world.sandbox.advanceClock(60_000);
    const { end, tally } = await sync();
    expect(end.status).toBe('COMPLETED');
    expect([tally.created.has(fine ?? ''), tally.failed.has(broken ?? '')]).toEqual([true, true]);
    expect(await rows('select order_id, reason from owed_forms')).toEqual([{ order_id: broken, reason: 'unavailable' }]);
    world.sandbox.setOrderFault(broken ?? '', null);
    await world.owner.query('update owed_forms set next_try_at = now()');
    await sync();
    expect((await held()).has(broken ?? '')).toBe(true);
    expect(await rows('select order_id from owed_forms')).toEqual([]);
  });

  it('waits while another writer holds the account, whatever token or process it came from', async () => {
    const lease = await service.app.get(WriterLeases).claim(account.accountId, 'another process');
    expect(await service.app.get(AccountSync).run(syncRequest(account))).toEqual({ kind: 'busy' });
    if (lease) await service.app.get(WriterLeases).release(lease);
    expect((await sync()).end.status).toBe('COMPLETED');
  });

  it('asks nothing more of Allegro once it is told to stop', async () => {
    const before = requests();
    const { end } = await sync({ signal: AbortSignal.abort(new Error('switched off')) });
    expect(end.status).toBe('CANCELLED');
    expect(requests()).toBe(before);
  });

  it('fails loudly when Allegro is down, and changes nothing', async () => {
    world.sandbox.setFaults('5xx=1');
    const before = await rows('select * from sync_cursors');
    const { end } = await sync();
    world.sandbox.setFaults('');
    expect(end.status).toBe('FAILED');
    expect(end.cause).toBeInstanceOf(Problem);
    expect(await rows('select * from sync_cursors')).toEqual(before);
  });
});

describe('the coarse sync', () => {
  it('reads forms by date of purchase and finds nothing new in a complete log', async () => {
    const before = await rows('select * from event_log.order_events');
    const { end, tally } = await sync({ syncType: 'full' });
    expect(end.status).toBe('COMPLETED');
    expect(tally.processed.size).toBe(world.sandbox.orderIds().length);
    expect([tally.created.size, tally.updated.size]).toEqual([0, 0]);
    expect(await rows('select * from event_log.order_events')).toHaveLength(before.length);
  });

  it('leaves the chain whole', async () => {
    expect(await service.app.get(ChainVerifier).verify({ accountId: account.accountId })).toMatchObject({ verified: true, flaws: [] });
  });
});
