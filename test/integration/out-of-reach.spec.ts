import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Metrics } from '../../src/platform/observability/metrics.js';
import { ExpiryGuardian } from '../../src/sync/expiry-guardian.service.js';
import { SweepSchedule } from '../../src/sync/sweep-schedule.service.js';
import { completeSync } from '../support/run-sync.js';
import { Service } from '../support/service.js';
import { type TokenWorld, tokenWorld } from '../support/token-app.js';

let world: TokenWorld;
let service: Service;
let account: { tokenId: string; accountId: string };

beforeAll(async () => {
  world = await tokenWorld({ orders: 20, seed: 5, sessionsPerSeller: 100 });
  service = await Service.start(world);
  account = await service.connect();
  await sync();
});

afterAll(async () => {
  await service.stop();
  await world.release();
});

const sync = () => completeSync(service, account);

const rows = async <Row extends object>(sql: string): Promise<Row[]> => (await world.owner.query<Row>(sql)).rows;
const eventsOf = (type: string) =>
  rows<{ payload: Readonly<Record<string, string>> }>(`select payload from event_log.order_events where order_id = '' and type = '${type}'`);
const expiries = async (tenant = 'tenant-a') => (await service.call('GET', `/accounts/expiries?token_id=${account.tokenId}`, undefined, tenant)).body;

describe('a journal that was left alone', () => {
  it('shorter than Allegro keeps it is read on, whatever the age of its last event', async () => {
    await world.owner.query(`update sync_cursors set overlap_read_at = now() - interval '59 days'`);
    await sync();
    expect(await eventsOf('sync.gap_detected')).toEqual([]);
  });

  it('longer than that has a gap: it is recorded, all orders are read again, and a sweep of everything is owed', async () => {
    const [lost = ''] = world.sandbox.createOrders({ count: 1, status: 'READY_FOR_PROCESSING' });
    // Its events expire unread, and so do all we know.
    world.sandbox.advanceClock(61 * 86_400_000);
    await world.owner.query(`update sync_cursors set overlap_read_at = now() - interval '61 days', last_event_id = coalesce(last_event_id, start_event_id)`);
    await sync();
    const [gap, ...more] = await eventsOf('sync.gap_detected');
    expect([gap?.payload['last_event_id'], more]).toEqual([expect.stringMatching(/^\d+$/), []]);
    expect((await service.call('GET', `/orders/${lost}?token_id=${account.tokenId}`)).status).toBe(200);
    const [schedule] = await rows<{ due: boolean }>('select next_weekly_at <= now() as due from sweep_schedules');
    expect(schedule?.due).toBe(true);
    await sync();
    expect(await eventsOf('sync.gap_detected')).toHaveLength(1);
  });
});

describe('scheduled sweeps', () => {
  it('are put into the queue of the account once they are due, of everything or of the last days, and not again before the next time', async () => {
    const schedule = service.app.get(SweepSchedule);
    expect([await schedule.enqueueDue(), await schedule.enqueueDue()]).toEqual([1, 0]);
    await world.owner.query('update sweep_schedules set next_daily_at = now()');
    expect(await schedule.enqueueDue()).toBe(1);
    const tasks = await rows<{ from: string | null; status: string }>(
      `select params ->> 'from' as from, status from tasks where task_type = 'sweep' order by created_at`,
    );
    expect(tasks).toEqual([{ from: null, status: 'PENDING' }, { from: expect.stringMatching(/Z$/), status: 'PENDING' }]); // prettier-ignore
  });

  it('begin for every account whose history is in', async () => {
    await world.owner.query('delete from sweep_schedules');
    const fresh = await Service.start(world);
    await fresh.app.get(SweepSchedule).enqueueDue();
    await fresh.stop();
    expect(await rows(`select account_id from sweep_schedules where next_daily_at > now() and next_weekly_at > now()`)).toHaveLength(1);
  });
});

describe('the expiry guardian', () => {
  it('warns once of each thing that comes close, in the log of the account, by metric and by API', async () => {
    await world.owner.query(`update sync_cursors set overlap_read_at = now() - interval '50 days'`);
    await world.owner.query(`update tokens set refreshed_at = now() - interval '88 days'`);
    const guardian = service.app.get(ExpiryGuardian);
    await guardian.look(new Date());
    await guardian.look(new Date());
    const warned = (await eventsOf('account.expiry_near')).map(({ payload }) => [payload['reach'], payload['level']]);
    expect(warned).toEqual([['events', 'soon'], ['refresh_token', 'urgent']]); // prettier-ignore
    const shown = (await expiries())['accounts'] as { expiries: { reach: string; level: string }[] }[];
    expect(shown.map((one) => one.expiries.map(({ reach, level }) => [reach, level]))).toEqual([[['events', 'soon'], ['orders', 'fine'], ['refresh_token', 'urgent']]]); // prettier-ignore
    const metric = await service.app.get(Metrics).registry.getSingleMetricAsString('account_expiries');
    expect(metric).toContain('account_expiries{reach="refresh_token",level="urgent"} 1');
  });

  it("shows nothing of another tenant's accounts", async () => {
    expect(await expiries('tenant-b')).toMatchObject({ code: 'TOKEN_NOT_FOUND' });
    expect((await service.call('GET', '/accounts/expiries', undefined, 'tenant-b')).body).toMatchObject({ accounts: [] });
  });
});
