import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { Service } from '../support/service.js';
import { type TokenWorld, tokenWorld } from '../support/token-app.js';

/** What the switch promises, in whatever process the sync runs. */
const STOPPED_WITHIN_MS = 5_000;
/** Twenty pages that come slowly: a sync that is not stopped goes on for some twenty seconds. */
const ORDERS = 2_000;
const LATENCY_MS = 900;

let world: TokenWorld;
let api: Service;
let worker: Service | null = null;

beforeAll(async () => {
  world = await tokenWorld({ orders: ORDERS, seed: 67, latencyMs: LATENCY_MS, sellers: 1 });
  api = await Service.start(world);
});
afterAll(async () => {
  await Promise.all([api.stop(), worker?.stop()]);
  await world.release();
});

const rowOf = async <Row extends object>(sql: string): Promise<Row | undefined> => (await world.owner.query<Row>(sql)).rows[0];
const landed = async () => (await rowOf<{ count: number }>('select count(*)::int as count from orders'))?.count ?? 0;
const isHeld = async () => (await rowOf('select from event_log.writer_leases where holder is not null')) !== undefined;

it('a sync that runs in another process asks Allegro nothing more within 5 s of being switched off', async () => {
  const { tokenId } = await api.connect();
  // The sync that linking owes is asked for, not automatic: the switch has no say in it.
  await world.owner.query(`update tasks set status = 'REVOKED', finished_at = now()`);
  expect((await api.call('POST', '/sync/activate', { token_id: tokenId, interval_minutes: 1 })).status).toBe(200);
  worker = await Service.start(world, { role: 'all' });
  await eventually('the sync is in its middle', async () => (await isHeld()) && (await landed()) > 0);
  expect(await rowOf('select status from sync_schedules')).toEqual({ status: 'running' });
  expect((await api.call('POST', '/sync/deactivate', { token_id: tokenId })).status).toBe(200);
  await eventually('the sync gave the account back', async () => !(await isHeld()), STOPPED_WITHIN_MS);
  await eventually('nothing is under way', () => world.sandbox.stats().concurrent === 0);
  const asked = world.sandbox.stats().requests;
  const orders = await landed();
  expect(orders).toBeLessThan(ORDERS);
  const since = performance.now();
  await eventually('the scheduler, which looks every second, has looked again', () => performance.now() - since > 2_500);
  expect([world.sandbox.stats().requests, await landed()]).toEqual([asked, orders]);
});
