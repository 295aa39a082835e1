import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ScheduleWorld } from '../support/schedule-world.js';
import type { SeededAccount } from '../support/seeded-accounts.js';

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

describe('when tokens change', () => {
  const schedulesOf = async (shop: SeededAccount): Promise<unknown[]> =>
    (await world.rowsOf(shop)).map((row) => [shop.tokenIds.indexOf(row.token_id), row.is_active, row.status, row.interval_minutes]);

  it('the schedule of a deleted token goes on under another one of its account, with the same interval', async () => {
    const shop = await world.account(3);
    await world.activate(shop, 7);
    await world.change(shop, { to: 'deactivated', reason: 'deactivated_by_owner' });
    expect(await schedulesOf(shop)).toEqual([
      [1, true, 'idle', 7],
      [0, false, 'inactive', 7],
    ]);
    const queue: string[] = [];
    await world.scheduler((entry) => queue.push(entry)).enqueueDue();
    expect(queue).toEqual([`${shop.tokenIds[1] ?? ''} scheduled-sync ${shop.tokenIds[1] ?? ''}`]);
  });

  it('the schedule another token has already is kept as it is', async () => {
    const shop = await world.account(2);
    await world.activate(shop, 7);
    await world.activate(shop, 60, 1);
    await world.change(shop, { to: 'deactivated', reason: 'deactivated_by_owner' });
    expect(await schedulesOf(shop)).toEqual([
      [1, true, 'idle', 60],
      [0, false, 'inactive', 7],
    ]);
  });

  it('the schedule of an account whose last token is deleted stops', async () => {
    const shop = await world.account();
    await world.activate(shop);
    await world.change(shop, { to: 'deactivated', reason: 'deactivated_by_owner' });
    expect(await schedulesOf(shop)).toEqual([[0, false, 'inactive', 10]]);
  });

  it('a token that needs its seller holds the schedule only when no other works', async () => {
    const shop = await world.account(2);
    await world.activate(shop);
    await world.change(shop, { to: 'needs_reauth', reason: 'refresh_refused' });
    expect(await schedulesOf(shop)).toEqual([[0, true, 'idle', 10]]);
    await world.change(shop, { to: 'needs_reauth', reason: 'refresh_refused', token: 1 });
    expect(await schedulesOf(shop)).toEqual([[0, true, 'held', 10]]);
  });

  it('a token that works again resumes what was held and owes a first sync in its queue, once', async () => {
    const shop = await world.account(2);
    await world.activate(shop);
    for (const token of [0, 1]) await world.change(shop, { to: 'needs_reauth', reason: 'refresh_refused', token });
    await world.scheduler().enqueueDue();
    for (const token of [1, 0]) await world.change(shop, { to: 'active', reason: 'relinked', token });
    expect(await schedulesOf(shop)).toEqual([[0, true, 'idle', 10]]);
    const { rows } = await world.owner.query('select tenant_id, queue_key, task_type, status, params from tasks where account_id = $1', [shop.accountId]);
    expect(rows).toEqual([{ tenant_id: shop.tenantId, queue_key: shop.tokenIds[1], task_type: 'sync_incremental', status: 'PENDING', params: {} }]);
    expect(await world.scheduler().enqueueDue()).toBe(1);
  });

  it('a refresh whose answer came late resumes without another first sync', async () => {
    const shop = await world.account();
    await world.activate(shop);
    await world.change(shop, { to: 'needs_reauth', reason: 'refresh_refused' });
    expect(await schedulesOf(shop)).toEqual([[0, true, 'held', 10]]);
    await world.change(shop, { to: 'active', reason: 'late_answer' });
    expect(await schedulesOf(shop)).toEqual([[0, true, 'idle', 10]]);
    expect((await world.owner.query('select id from tasks where account_id = $1', [shop.accountId])).rows).toEqual([]);
  });
});
