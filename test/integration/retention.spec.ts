import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OrderRecorder } from '../../src/orders/order-recorder.service.js';
import { tokenOf } from '../support/access-tokens.js';
import { eventually } from '../support/eventually.js';
import { feedShowsAll } from '../support/feed-horizon.js';
import { formReading, inventedForm } from '../support/invented-orders.js';
import { type Json, Service } from '../support/service.js';
import { type TokenWorld, tokenWorld } from '../support/token-app.js';

let world: TokenWorld;
let service: Service;
let shop: { tokenId: string; accountId: string };
let quiet: { tokenId: string; accountId: string };

beforeAll(async () => {
  world = await tokenWorld();
  service = await Service.start(world);
  const [first, second] = world.sandbox.sellers();
  shop = await service.connect('shop', first?.id);
  quiet = await service.connect('quiet', second?.id, 'tenant-b');
});

afterAll(async () => {
  await service.stop();
  await world.release();
});

const rows = async <Row extends object>(sql: string, values: unknown[] = []): Promise<Row[]> => (await world.owner.query<Row>(sql, values)).rows;
const names = async (table: string, name: string) => (await rows<{ name: string }>(`select ${name} as name from ${table} order by 1`)).map((row) => row.name);
const read = async (accountId: string, ...ids: string[]) => {
  const forms = ids.map((id) => formReading(inventedForm(id)));
  await service.app.get(OrderRecorder).record({ accountId, fence: null, actor: 'sync', journal: [], forms });
  await feedShowsAll(world.owner);
};
const changes = async (query = '', tenant = 'tenant-a') => service.call('GET', `/changes${query}`, undefined, tenant);
/** No process here works: the webhooks stand where they stood. */
const webhooksHaveRead = () =>
  rows(
    'update webhook_feed f set epoch = o.epoch, xid = o.xid, seq = o.seq from (select * from event_log.outbox order by epoch desc, xid desc, seq desc limit 1) o',
  );
const orderIds = ({ body }: { body: Json }) => (body['changes'] as Json[]).map((change) => change['order_id']);

const RULES = ['tasks', 'sync_runs', 'alerts', 'changes', 'restore_plans'];

/** Takes one turn: a process that schedules takes one when it starts. @returns rows deleted by rule */
async function oneTurn(env: Record<string, string> = { ALERT_WEBHOOK_URL: 'http://127.0.0.1:1/nobody' }): Promise<Record<string, number>> {
  const scheduler = await Service.start(world, { role: 'scheduler', env });
  const deleted = await eventually('every rule has had its turn', async () => {
    const metrics = (await scheduler.app.inject({ method: 'GET', url: '/metrics' })).body;
    const counted = new Map([...metrics.matchAll(/^retention_deleted_rows_total\{rule="(\w+)"\} (\d+)$/gm)].map(([, rule, count]) => [rule, Number(count)]));
    return RULES.every((rule) => counted.has(rule)) ? Object.fromEntries(RULES.map((rule) => [rule, counted.get(rule) ?? 0])) : null;
  });
  await scheduler.stop();
  return deleted;
}

const task = (name: string, status: string, endedDaysAgo: number | null, parent: string | null = null) =>
  rows(
    `insert into tasks (tenant_id, queue_key, task_type, description, status, due_at, created_at, finished_at, parent_task_id)
     values ('tenant-a', 'none', 'none', $1, $2, 'infinity', now() - interval '400 days', now() - make_interval(days => $3), (select id from tasks where description = $4))`,
    [name, status, endedDaysAgo, parent],
  );
const run = (accountId: string, name: string, status: string, days: number) =>
  rows(
    `insert into sync_runs (id, tenant_id, account_id, token_id, sync_type, sync_status, sync_started_at, sync_completed_at, error_message)
     values (gen_random_uuid(), 'tenant-a', $1, $2, 'full', $3, now() - make_interval(days => $4), case when $3 <> 'RUNNING' then now() - make_interval(days => $4) end, $5)`,
    [accountId, shop.tokenId, status, days, name],
  );
const alert = (kind: string, state: string, told: string | null, days: number) =>
  rows(
    `insert into alerts (kind, state, told_state, detail, opened_at, closed_at)
     values ($1, $2, $3, 'x', now() - interval '900 days', case when $2 = 'closed' then now() - make_interval(days => $4) end)`,
    [kind, state, told, days],
  );

async function restorePlan(appliedAt: Date | null, expiredDaysAgo: number): Promise<void> {
  await rows(
    `with plan as (
       insert into restore_plans (id, tenant_id, account_id, as_of, orders, left_out, digest, created_by, expires_at, applied_at)
       values (gen_random_uuid(), 'tenant-a', $1, now(), 1, '{}', '', 'olga', now() - make_interval(days => $2), $3) returning id)
     insert into restore_plan_orders (plan_id, order_id, stream_id, version, tip_hash, restored_version) select id, 'a', 1, 2, '', 1 from plan`,
    [shop.accountId, expiredDaysAgo, appliedAt],
  );
}

describe('what is over and done with', () => {
  it('ages out by its setting; what is open, owed, still named or the last good one stays, and no event goes', async () => {
    for (const [name, status, days] of [['young', 'SUCCESS', 29], ['old', 'SUCCESS', 31], ['dead', 'FAILURE', 31], ['revoked', 'REVOKED', 31], ['waiting', 'PENDING', null], ['parent', 'SUCCESS', 60]] as const) await task(name, status, days); // prettier-ignore
    await task('step', 'SUCCESS', 2, 'parent');
    for (const [name, status, days] of [['good', 'COMPLETED', 200], ['better', 'COMPLETED', 100], ['failed', 'FAILED', 95], ['recent', 'FAILED', 80], ['runs', 'RUNNING', 300]] as const) await run(shop.accountId, name, status, days); // prettier-ignore
    await run(quiet.accountId, 'of another', 'COMPLETED', 300);
    for (const [kind, state, told, days] of [['closed', 'closed', 'closed', 366], ['lately', 'closed', 'closed', 360], ['untold', 'closed', 'open', 366], ['open', 'open', 'open', 0]] as const) await alert(kind, state, told, days); // prettier-ignore
    for (const [applied, expiredDays] of [[null, 31], [null, 29], [new Date(), 400]] as const) await restorePlan(applied, expiredDays); // prettier-ignore
    await read(shop.accountId, 'a', 'b');
    await rows(`update event_log.outbox set announced_at = now() - interval '31 days'`);
    await webhooksHaveRead();
    const events = await rows('select stream_id, version, hash from event_log.order_events order by 1, 2');
    expect(await oneTurn()).toEqual({ tasks: 3, sync_runs: 2, alerts: 1, changes: 2, restore_plans: 1 });
    expect(await names(`tasks where queue_key = 'none'`, 'description')).toEqual(expect.arrayContaining(['parent', 'step', 'waiting', 'young']));
    expect(await names(`tasks where queue_key = 'none'`, 'description')).not.toEqual(expect.arrayContaining(['old']));
    expect(await names('sync_runs', 'error_message')).toEqual(['better', 'of another', 'recent', 'runs']);
    expect(await names(`alerts where kind in ('closed', 'lately', 'untold', 'open')`, 'kind')).toEqual(['lately', 'open', 'untold']);
    expect(await names('restore_plans p join restore_plan_orders o on o.plan_id = p.id', 'applied_at is not null')).toEqual([false, true]);
    expect(await rows('select count(*)::int as plans from restore_plan_orders')).toEqual([{ plans: 2 }]);
    expect(await rows('select stream_id, version, hash from event_log.order_events order by 1, 2')).toEqual(events);
    expect((await service.call('GET', `/orders/a?token_id=${shop.tokenId}`)).status).toBe(200);
  });

  it('takes a shorter setting at its word, a task after its steps', async () => {
    const shorter = { RETENTION_TASK_DAYS: '1', RETENTION_SYNC_RUN_DAYS: '1', RETENTION_ALERT_DAYS: '1' };
    expect(await oneTurn(shorter)).toMatchObject({ tasks: 2, sync_runs: 1 });
    expect(await names(`tasks where queue_key = 'none'`, 'description')).toEqual(['parent', 'waiting']);
    expect(await oneTurn(shorter)).toMatchObject({ tasks: 1, sync_runs: 0 });
    expect(await names(`tasks where queue_key = 'none'`, 'description')).toEqual(['waiting']);
  });

  it('is deleted by nobody who may not: the service has no right to the log', async () => {
    const granted = await rows<{ table: string }>(
      `select table_schema || '.' || table_name as "table" from information_schema.table_privileges where grantee = 'order_service' and privilege_type = 'DELETE'`,
    );
    const kept = /^(?:event_log|vault)\.|^public\.(?:orders|order_documents|audit_entries)$/;
    expect(granted.map((row) => row.table).filter((table) => kept.test(table))).toEqual(['event_log.outbox']);
  });
});

describe('a cursor of the feed', () => {
  it('older than the changes kept is told so, by poll and by stream; a quiet account that missed nothing is not; what webhooks still owe is kept', async () => {
    const start = (await changes('?after=now')).body['next'] as string;
    const quietStart = (await changes('?after=now', 'tenant-b')).body['next'] as string;
    await read(shop.accountId, 'c');
    await read(shop.accountId, 'd');
    const first = (await changes(`?after=${start}&limit=1`)).body['next'] as string;
    await rows(`update event_log.outbox set announced_at = now() - interval '31 days' where order_id = 'c'`);
    expect(await oneTurn()).toMatchObject({ changes: 0 });
    expect(orderIds(await changes(`?after=${start}`))).toEqual(['c', 'd']);
    await webhooksHaveRead();
    expect(await oneTurn()).toMatchObject({ changes: 1 });
    for (const path of ['/changes', '/changes/stream']) {
      const answer = await service.call('GET', `${path}?after=${start}`);
      expect([path, answer.status, answer.body['code']]).toEqual([path, 410, 'FEED_CURSOR_EXPIRED']);
    }
    const headers = { authorization: `Bearer ${tokenOf('tenant-a')}`, 'last-event-id': start };
    expect((await service.app.inject({ method: 'GET', url: '/api/v1/changes/stream', headers })).statusCode).toBe(410);
    expect(orderIds(await changes(`?after=${first}`))).toEqual(['d']);
    expect(orderIds(await changes())).toEqual(['d']);
    await read(quiet.accountId, 'theirs');
    expect(orderIds(await changes(`?after=${quietStart}`, 'tenant-b'))).toEqual(['theirs']);
    expect(orderIds(await changes(`?token_id=${quiet.tokenId}`, 'tenant-b'))).toEqual(['theirs']);
  });
});
