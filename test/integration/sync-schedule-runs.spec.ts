import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { WriterLeases } from '../../src/platform/event-log/writer-leases.js';
import { claimStalledSchedules, scheduleFailed, scheduleFinished, scheduleStarted } from '../../src/sync/sync-schedules.store.js';
import { ScheduleWorld } from '../support/schedule-world.js';

let world: ScheduleWorld;

beforeAll(async () => {
  world = await ScheduleWorld.start();
});

afterAll(async () => {
  await world.stop();
});

beforeEach(async () => {
  await world.forgetSchedules();
});

describe('a schedule whose wake-up was lost', () => {
  const ageEnqueued = (tokenId: string | undefined): Promise<unknown> =>
    world.owner.query(`update sync_schedules set enqueued_at = now() - interval '31 seconds' where token_id = $1`, [tokenId]);

  it('is put into the queue again after half a minute', async () => {
    const shop = await world.account();
    await world.activate(shop);
    await world.scheduler().enqueueDue();
    expect(await world.scheduler().enqueueDue()).toBe(0);
    await ageEnqueued(shop.tokenIds[0]);
    expect(await world.scheduler().enqueueDue()).toBe(1);
    expect(await world.scheduler().enqueueDue()).toBe(0);
  });

  it('is passed over by a scheduler while another takes it', async () => {
    const shop = await world.account();
    await world.activate(shop);
    await world.scheduler().enqueueDue();
    await ageEnqueued(shop.tokenIds[0]);
    const taken = await world.db.transaction(async (first) => [
      await claimStalledSchedules(first, 10),
      await world.db.transaction((second) => claimStalledSchedules(second, 10)),
    ]);
    expect(taken.map((schedules) => schedules.length)).toEqual([1, 0]);
  });

  it('is left alone while its run lives and taken up when the process of that run is gone', async () => {
    const shop = await world.account();
    await world.activate(shop);
    await world.scheduler().enqueueDue();
    await world.begin(shop.tokenIds[0]);
    const leases = world.context.get(WriterLeases);
    const lease = await leases.claim(shop.accountId, 'a worker');
    await ageEnqueued(shop.tokenIds[0]);
    expect(await world.scheduler().enqueueDue()).toBe(0);
    if (lease) await leases.release(lease);
    expect(await world.scheduler().enqueueDue()).toBe(1);
  });

  it('is tried again at the next turn when the queue refused it, and so are those behind it', async () => {
    const shops = await world.accounts(3);
    for (const shop of shops) await world.activate(shop);
    const broken = world.scheduler(() => {
      throw new Error('the queue is away');
    });
    await expect(broken.enqueueDue()).rejects.toThrow('the queue is away');
    expect(await world.scheduler().enqueueDue()).toBe(3);
  });
});

describe('a run', () => {
  it('of a schedule that was switched off does not begin', async () => {
    const shop = await world.account();
    await world.activate(shop);
    await world.deactivate(shop);
    expect(await world.db.transaction((tx) => scheduleStarted(tx, shop.tokenIds[0] ?? ''))).toBeNull();
  });

  it('that ends well says so, and one that comes due meanwhile is still owed', async () => {
    const shop = await world.account();
    await world.activate(shop);
    await world.scheduler().enqueueDue();
    const run = await world.begin(shop.tokenIds[0]);
    expect(await world.rowOf(shop.tokenIds[0])).toMatchObject({ status: 'running' });
    await world.owner.query(`update sync_schedules set next_run_at = now() where token_id = $1`, [shop.tokenIds[0]]);
    await world.scheduler().enqueueDue();
    await world.db.transaction((tx) => scheduleFinished(tx, run, { full: false }));
    expect(await world.rowOf(shop.tokenIds[0])).toMatchObject({ status: 'due', last_success_at: expect.any(Date), consecutive_failures: 0 });
    const second = await world.begin(shop.tokenIds[0]);
    await world.db.transaction((tx) => scheduleFinished(tx, second, { full: false }));
    expect(await world.rowOf(shop.tokenIds[0])).toMatchObject({ status: 'idle', due_since: null });
  });

  it('that fails is tried again when it was told, and the failures in a row are counted', async () => {
    const shop = await world.account();
    await world.activate(shop, 1_440);
    const retryAt = new Date('2030-01-01T00:00:00.000Z');
    for (const failures of [0, 1]) {
      const run = await world.begin(shop.tokenIds[0]);
      expect(run.failures).toBe(failures);
      await world.db.transaction((tx) => scheduleFailed(tx, run, retryAt, 'ALLEGRO_UNAVAILABLE: Allegro is down'));
    }
    expect(await world.rowOf(shop.tokenIds[0])).toMatchObject({ status: 'failing', next_run_at: retryAt, consecutive_failures: 2, due_since: null });
  });

  it('that froze and wakes after another began says nothing any more', async () => {
    const shop = await world.account();
    await world.activate(shop);
    const frozen = await world.begin(shop.tokenIds[0]);
    await world.owner.query(`update sync_schedules set last_run_at = last_run_at - interval '1 minute' where token_id = $1`, [shop.tokenIds[0]]);
    const successor = await world.begin(shop.tokenIds[0]);
    await world.db.transaction((tx) => scheduleFailed(tx, { ...frozen, startedAt: new Date(frozen.startedAt.getTime() - 60_000) }, new Date(), 'late'));
    expect(await world.rowOf(shop.tokenIds[0])).toMatchObject({ status: 'running', last_error: null });
    await world.db.transaction((tx) => scheduleFinished(tx, successor, { full: false }));
    expect(await world.rowOf(shop.tokenIds[0])).toMatchObject({ status: 'idle' });
  });
});
