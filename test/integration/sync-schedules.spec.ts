import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { isScheduleActive, scheduleFailed, scheduleFinished } from '../../src/sync/sync-schedules.store.js';
import { codeOf, ScheduleWorld } from '../support/schedule-world.js';

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

describe('switching automatic sync', () => {
  it('on is due at once and told on the stream of the account', async () => {
    const shop = await world.account();
    await world.activate(shop, 15);
    expect(await world.rowsOf(shop)).toMatchObject([{ token_id: shop.tokenIds[0], is_active: true, status: 'idle', interval_minutes: 15 }]);
    const payload = JSON.stringify({ token_id: shop.tokenIds[0], interval_minutes: 15 });
    expect(await world.autosyncEvents(shop)).toEqual([`autosync.activated by a person ${payload}`]);
    const queue: string[] = [];
    expect(await world.scheduler((entry) => queue.push(entry)).enqueueDue()).toBe(1);
    expect(queue).toEqual([`${shop.tokenIds[0] ?? ''} scheduled-sync ${shop.tokenIds[0] ?? ''}`]);
  });

  it('on by eight at once happens once, with one event', async () => {
    const shop = await world.account();
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => codeOf(world.activate(shop))));
    expect(outcomes.toSorted()).toEqual([...Array<string>(7).fill('400 ALREADY_ACTIVE'), 'done']);
    expect(await world.autosyncEvents(shop)).toHaveLength(1);
  });

  it('off by eight at once happens once, with one event, and nothing is due any more', async () => {
    const shop = await world.account();
    await world.activate(shop);
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => codeOf(world.deactivate(shop))));
    expect(outcomes.toSorted()).toEqual([...Array<string>(7).fill('404 AUTOSYNC_NOT_ACTIVE'), 'done']);
    expect(await world.autosyncEvents(shop)).toHaveLength(2);
    expect(await world.scheduler().enqueueDue()).toBe(0);
    expect(await world.db.transaction((tx) => isScheduleActive(tx, shop.tokenIds[0] ?? ''))).toBe(false);
  });

  it('on and off at once ends in one of the two, with an event for each switch that happened', async () => {
    const shop = await world.account();
    const outcomes = await Promise.all(Array.from({ length: 12 }, (_, index) => codeOf(index % 2 === 0 ? world.activate(shop) : world.deactivate(shop))));
    const unexpected = outcomes.filter((outcome) => !['done', '400 ALREADY_ACTIVE', '404 AUTOSYNC_NOT_ACTIVE', '409 WRITE_CONFLICT'].includes(outcome));
    expect(unexpected).toEqual([]);
    const events = await world.autosyncEvents(shop);
    expect(events).toHaveLength(outcomes.filter((outcome) => outcome === 'done').length);
    const [schedule] = await world.rowsOf(shop);
    expect(schedule?.is_active ?? false).toBe(events.at(-1)?.startsWith('autosync.activated') ?? false);
  });

  it('on again begins anew: nothing of the time before is shown or owed', async () => {
    const shop = await world.account();
    await world.activate(shop);
    const run = await world.begin(shop.tokenIds[0]);
    await world.db.transaction((tx) => scheduleFailed(tx, run, new Date(), 'broken'));
    await world.deactivate(shop);
    await world.activate(shop, 30);
    expect(await world.rowOf(shop.tokenIds[0])).toMatchObject({
      interval_minutes: 30,
      last_error: null,
      last_run_at: null,
      consecutive_failures: 0,
      due_since: null,
    });
  });

  it('is refused for a deleted token and for another tenant', async () => {
    const shop = await world.account();
    await world.change(shop, { to: 'deactivated', reason: 'deactivated_by_owner' });
    expect(await codeOf(world.activate(shop))).toBe('409 TOKEN_DEACTIVATED');
    const stranger = { ...shop, tenantId: 'a stranger' };
    expect([await codeOf(world.activate(stranger)), await codeOf(world.deactivate(stranger))]).toEqual(['404 TOKEN_NOT_FOUND', '404 TOKEN_NOT_FOUND']);
  });

  it('on while the token is being deleted never leaves a schedule behind', async () => {
    for (let round = 0; round < 8; round += 1) {
      const shop = await world.account();
      await Promise.all([codeOf(world.activate(shop)), world.change(shop, { to: 'deactivated', reason: 'deactivated_by_owner' })]);
      expect((await world.rowsOf(shop)).filter((row) => row.is_active)).toEqual([]);
    }
  });
});

describe('the tick', () => {
  it('of four schedulers at once takes each due schedule once', async () => {
    const shops = await world.accounts(40);
    for (const shop of shops) await world.activate(shop);
    const queue: string[] = [];
    await Promise.all(Array.from({ length: 4 }, () => world.scheduler((entry) => queue.push(entry)).enqueueDue()));
    const expected = shops.map(({ tokenIds }) => `${tokenIds[0] ?? ''} scheduled-sync ${tokenIds[0] ?? ''}`);
    expect(queue.toSorted()).toEqual(expected.toSorted());
  });

  it('spreads the next runs by a tenth around the interval', async () => {
    const shops = await world.accounts(20);
    for (const shop of shops) await world.activate(shop, 10);
    await world.scheduler().enqueueDue();
    const nexts: number[] = [];
    for (const shop of shops) nexts.push(...(await world.rowsOf(shop)).map((row) => Number(row['next_in'])));
    expect(Math.min(...nexts)).toBeGreaterThan(500);
    expect(Math.max(...nexts)).toBeLessThanOrEqual(660);
    expect(new Set(nexts.map(Math.round)).size).toBeGreaterThan(5);
  });

  it('uses the queue of the token that leads the account', async () => {
    const shop = await world.account(2);
    await world.activate(shop, 10, 1);
    const queue: string[] = [];
    await world.scheduler((entry) => queue.push(entry)).enqueueDue();
    expect(queue).toEqual([`${shop.tokenIds[0] ?? ''} scheduled-sync ${shop.tokenIds[1] ?? ''}`]);
  });

  it('holds the schedule of an account that no token works for', async () => {
    const shop = await world.account();
    await world.activate(shop);
    await world.owner.query(`update tokens set state = 'needs_reauth' where id = $1`, [shop.tokenIds[0]]);
    expect(await world.scheduler().enqueueDue()).toBe(0);
    expect(await world.rowOf(shop.tokenIds[0])).toMatchObject({ status: 'held', due_since: null });
    expect(await world.scheduler().enqueueDue()).toBe(0);
  });

  it('owes the forms of the last days when their slower time has come, until a run has read them', async () => {
    const shop = await world.account();
    await world.activate(shop);
    await world.scheduler().enqueueDue();
    expect((await world.begin(shop.tokenIds[0])).fullDueSince).toBeNull();
    await world.owner.query(`update sync_schedules set next_run_at = now(), next_full_at = now() where token_id = $1`, [shop.tokenIds[0]]);
    await world.scheduler().enqueueDue();
    const run = await world.begin(shop.tokenIds[0]);
    expect(run.fullDueSince).not.toBeNull();
    const [row] = await world.rowsOf(shop);
    expect(Math.round(Number(row?.['full_in']) / 60)).toBeGreaterThanOrEqual(323);
    await world.db.transaction((tx) => scheduleFinished(tx, run, { full: false }));
    expect((await world.rowOf(shop.tokenIds[0]))['full_due_since']).not.toBeNull();
    const second = await world.begin(shop.tokenIds[0]);
    await world.db.transaction((tx) => scheduleFinished(tx, second, { full: true }));
    expect(await world.rowOf(shop.tokenIds[0])).toMatchObject({ full_due_since: null, due_since: null, status: 'idle' });
  });
});
