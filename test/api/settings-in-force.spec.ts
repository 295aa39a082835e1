import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { HoldersOfCopies } from '../../src/platform/erasure/holders-of-copies.js';
import type { ForgottenBuyer } from '../../src/platform/erasure/forgotten-buyer.js';
import { DispatchProcessor } from '../../src/platform/jobs/dispatch.processor.js';
import { RetentionRules } from '../../src/platform/retention/retention-rules.js';
import { AccountSync } from '../../src/sync/account-sync.service.js';
import { SweepSchedule } from '../../src/sync/sweep-schedule.service.js';
import { eventually } from '../support/eventually.js';
import { syncRequest } from '../support/run-sync.js';
import { type Json, Service } from '../support/service.js';
import { askSettings, type SettingRequest } from '../support/settings-client.js';
import { tokenWorld, type TokenWorld } from '../support/token-app.js';

const ORDERS = 12;

let world: TokenWorld;
/** The process operators talk to. */
let service: Service;
/** The process that has to know. */
let other: Service;
let shop: { tokenId: string; accountId: string };

beforeAll(async () => {
  for (const level of ['error', 'warn'] as const) jest.spyOn(Logger.prototype, level).mockImplementation(() => undefined); // what goes wrong is meant to
  world = await tokenWorld({ orders: ORDERS, seed: 31, sellers: 2, sessionsPerSeller: 1_000 });
  const env = { RATE_LIMIT_PER_MINUTE: '10000' };
  service = await Service.start(world, { env });
  other = await Service.start(world, { role: 'all', env });
  shop = await other.connect('shop', world.sandbox.sellers()[0]?.id, 'busy');
});
afterAll(async () => {
  await service.stop();
  await other.stop();
  await world.release();
});

const change = async (path: string, value: number, request: SettingRequest = {}) => {
  const answer = await askSettings(service, 'PATCH', path, { body: { value, reason: 'ticket 4711' }, ...request });
  expect([answer.status, answer.body['value']]).toEqual([200, value]);
};
const set = (name: string, value: number) => change(`/settings/${name}`, value);
const setOf = (tenant: string, name: string, value: number) => change(`/tenant-settings/${name}`, value, { of: tenant });
const reset = async (path: string, of?: string) => expect((await askSettings(service, 'DELETE', path, of === undefined ? {} : { of })).status).toBe(200);

const ask = async (by: Service, tenant: string) => (await by.call('GET', '/accounts/freshness', undefined, tenant)).status;

describe('a limit of one tenant', () => {
  it('refuses its next request in every process, counts what came before, and touches nobody else', async () => {
    for (const by of [service, other]) expect([await ask(by, 'busy'), await ask(by, 'busy'), await ask(by, 'calm')]).toEqual([200, 200, 200]);
    await setOf('busy', 'http.requests_per_minute', 2);
    expect(await ask(service, 'busy')).toBe(429);
    await eventually('the other process refuses it too', async () => (await ask(other, 'busy')) === 429);
    expect([await ask(service, 'calm'), await ask(other, 'calm')]).toEqual([200, 200]);
    await setOf('busy', 'http.requests_per_minute', 5_000);
    expect(await ask(service, 'busy')).toBe(200);
    await eventually('the other process answers it again', async () => (await ask(other, 'busy')) === 200);
  });

  it('shows whose it is, goes before the one of the installation, and is in that tenant’s trail', async () => {
    const name = 'http.requests_per_minute';
    await setOf('busy', name, 4_000);
    const of = async (tenant: string) => (await askSettings(other, 'GET', `/tenant-settings/${name}`, { of: tenant })).body;
    expect(await of('busy')).toMatchObject({ value: 4_000, source: 'tenant', installation_value: 10_000, changed_by: 'staff' });
    expect(await of('calm')).toMatchObject({ value: 10_000, source: 'default', version: 0 });
    expect((await askSettings(service, 'GET', `/settings/${name}`)).body).toMatchObject({ value: 10_000, source: 'default', tenants: 1 });
    await set(name, 9_000);
    expect(await of('busy')).toMatchObject({ value: 4_000, source: 'tenant', installation_value: 9_000 });
    expect(await of('calm')).toMatchObject({ value: 9_000, source: 'set' });
    const list = (await askSettings(service, 'GET', '/tenant-settings', { of: 'busy' })).body;
    expect(list['tenant_id']).toBe('busy');
    expect((list['settings'] as Json[]).find((setting) => setting['name'] === name)).toMatchObject({ value: 4_000 });
    const { body } = await askSettings(service, 'GET', `/audit?subject=${name}&action=setting.set`, { of: 'busy' });
    expect((body['entries'] as Json[])[0]).toMatchObject({ tenant_id: 'busy', subject: { name, of_tenant: true, value: 4_000 } });
    expect(((await askSettings(service, 'GET', `/tenant-settings/${name}/history`, { of: 'calm' })).body['changes'] as Json[]).length).toBe(0);
    await reset(`/tenant-settings/${name}`, 'busy');
    expect(await of('busy')).toMatchObject({ value: 9_000, source: 'set' });
    await reset(`/settings/${name}`);
  });

  it('is not for sellers of that tenant to see or change', async () => {
    expect((await service.call('GET', '/tenant-settings', undefined, 'busy')).status).toBe(403);
    const body = { value: 1, reason: 'mine' };
    expect((await service.call('PATCH', '/tenant-settings/http.requests_per_minute', body, 'busy')).status).toBe(403);
  });

  it('bounds webhooks, export files and intervals of automatic syncs', async () => {
    await setOf('busy', 'webhooks.most_webhooks', 1);
    const webhook = (tenant: string) => service.call('POST', '/webhooks', { url: 'https://hooks.example.com/orders' }, tenant);
    expect([(await webhook('busy')).status, (await webhook('calm')).status, (await webhook('calm')).status]).toEqual([201, 201, 201]);
    expect((await webhook('busy')).body).toMatchObject({ code: 'WEBHOOK_LIMIT_REACHED' });
    await setOf('busy', 'exports.kept_files', 1);
    const ordered = () => service.call('POST', '/exports', { token_id: shop.tokenId }, 'busy');
    expect([(await ordered()).status, (await ordered()).body['code']]).toEqual([202, 'TOO_MANY_EXPORTS']);
    await setOf('busy', 'sync.shortest_interval_minutes', 10);
    const activate = (minutes: number) => service.call('POST', '/sync/activate', { token_id: shop.tokenId, interval_minutes: minutes }, 'busy');
    const { status, body } = await activate(9);
    expect([status, body['errors']]).toEqual([422, [{ field: 'interval_minutes', message: 'interval_minutes must be a whole number from 10 to 1440' }]]);
    expect((await activate(10)).status).toBe(200);
  });
});

describe('a threshold that changes', () => {
  it('changes the verdict on an account that is the same as before, in every process', async () => {
    await world.owner.query(
      `update sync_schedules set is_active = true, interval_minutes = 1, next_run_at = now() + interval '1 day', due_since = null,
         created_at = now() - interval '1 day', last_success_at = now() - interval '20 minutes' where account_id = $1`,
      [shop.accountId],
    );
    await world.owner.query('delete from sync_runs where account_id = $1', [shop.accountId]);
    const verdict = async (by: Service) => {
      const { body } = await by.call('GET', `/accounts/freshness?token_id=${shop.tokenId}`, undefined, 'busy');
      return (body['accounts'] as Json[])[0]?.['freshness'];
    };
    expect(await verdict(service)).toBe('stalled');
    await set('freshness.stalled_slack_minutes', 60);
    expect(await verdict(service)).toBe('late');
    await set('freshness.late_slack_minutes', 60);
    await eventually('the other process finds it fresh', async () => (await verdict(other)) === 'fresh');
    for (const name of ['freshness.stalled_slack_minutes', 'freshness.late_slack_minutes']) await reset(`/settings/${name}`);
    expect(await verdict(service)).toBe('stalled');
  });

  it('holds single orders where the same answer of Allegro paused the account before', async () => {
    const seller = world.sandbox.sellers()[1]?.id ?? '';
    const account = await service.connect('other shop', seller, 'calm');
    // Linking owes a first sync, which the other process runs when it comes to it: here only the test's own runs are to judge.
    await eventually('the first sync has ended', async () => {
      const { body } = await service.call('GET', '/sync/tasks/history', undefined, 'calm');
      return (body as unknown as Json[])[0]?.['status'] === 'SUCCESS';
    });
    const request = syncRequest({ ...account, tenantId: 'calm', syncType: 'full' });
    const sync = () =>
      eventually('no other run holds the account', async () => {
        const outcome = await service.app.get(AccountSync).run(request);
        return outcome.kind === 'ended' ? outcome.end.status : null;
      });
    expect(await sync()).toBe('COMPLETED');
    world.sandbox.corrupt({ kind: 'lines', seller });
    await set('protection.least_held_orders', ORDERS + 1);
    expect(await sync()).toBe('COMPLETED');
    await world.owner.query('delete from quarantine_items; delete from sync_judgements');
    await reset('/settings/protection.least_held_orders');
    expect(await sync()).toBe('FAILED');
    world.sandbox.corrupt({ kind: null, seller });
  });

  it('opens an alert at the next look, which comes as soon as the interval says', async () => {
    await world.owner.query(`update sync_schedules set last_success_at = now() where account_id = $1`, [shop.accountId]);
    await set('monitoring.interval_seconds', 1);
    await set('alerts.raise_after_looks', 1);
    const alerts = async () => {
      const { body } = await service.call('GET', `/alerts?token_id=${shop.tokenId}&state=open`, undefined, 'busy');
      return (body['alerts'] as Json[]).map(({ kind }) => kind);
    };
    await world.owner.query(
      `insert into owed_forms (account_id, order_id, reason, attempts, next_try_at) values ($1, 'bad-1', 'malformed', 5, now() + interval '1 day')`,
      [shop.accountId],
    );
    await set('alerts.owed_orders', 1);
    await eventually('one order that cannot be read is an alert', async () => (await alerts()).includes('owed_forms_growing'));
    await set('alerts.clear_after_looks', 1);
    await reset('/settings/alerts.owed_orders');
    await eventually('it is none any more', async () => !(await alerts()).includes('owed_forms_growing'));
  });
});

describe('a running process', () => {
  it('takes over how long rows are kept, how much runs at once, and whether it sweeps', async () => {
    const kept = (rule: string) => other.app.get(RetentionRules).all.find(({ name }) => name === rule)?.days;
    expect([kept('tasks'), kept('restore_plans'), kept('sync_runs'), kept('changes'), kept('alerts'), kept('webhook_deliveries')]).toEqual([
      30, 30, 90, 30, 365, 30,
    ]);
    await set('retention.task_days', 11);
    await set('retention.sync_run_days', 12);
    await set('retention.change_days', 13);
    await set('retention.alert_days', 14);
    await set('retention.delivery_days', 15);
    await eventually('the rules of the other process', () => kept('webhook_deliveries') === 15);
    expect([kept('tasks'), kept('restore_plans'), kept('sync_runs'), kept('changes'), kept('alerts')]).toEqual([11, 11, 12, 13, 14]);

    await set('jobs.turns_at_once', 3);
    await eventually('its worker', () => other.app.get(DispatchProcessor).worker.concurrency === 3);

    await set('sync.sweep_days', 0);
    const makeDue = `insert into sweep_schedules (account_id, next_daily_at, next_weekly_at) values ($1, now(), now() + interval '5 days')
      on conflict (account_id) do update set next_daily_at = excluded.next_daily_at`;
    const isDue = async () =>
      (await world.owner.query('select from sweep_schedules where account_id = $1 and next_daily_at <= now()', [shop.accountId])).rowCount === 1;
    await eventually('the other process leaves alone what is due', async () => {
      await world.owner.query(makeDue, [shop.accountId]);
      return (await other.app.get(SweepSchedule).enqueueDue()) === 0 && (await isDue());
    });
    await reset('/settings/sync.sweep_days');
    await eventually('what is due is swept again', async () => !(await isDue()));
  });

  it('goes on with the last known values while the settings cannot be read', async () => {
    await setOf('busy', 'http.requests_per_minute', 1);
    await eventually('the other process refuses', async () => (await ask(other, 'busy')) === 429);
    await world.owner.query('revoke select on setting_changes from order_service');
    await eventually('reading fails', async () => {
      const { body } = await other.app.inject({ method: 'GET', url: '/metrics' });
      return /loop_failures_total\{loop="settings"\} [1-9]/.test(body);
    });
    expect([await ask(other, 'busy'), await ask(other, 'calm')]).toEqual([429, 200]);
    await world.owner.query('grant select on setting_changes to order_service');
    await reset('/tenant-settings/http.requests_per_minute', 'busy');
    await eventually('what was changed is known again', async () => (await ask(other, 'busy')) === 200);
  });

  it('uses the default where the table holds what is not accepted, and does not fall over it', async () => {
    const write = (tenant: string, version: number, value: string) =>
      world.owner.query(`insert into setting_changes (name, tenant_id, version, value, actor) values ('http.requests_per_minute', $1, $2, $3, 'hand')`, [
        tenant,
        version,
        value,
      ]);
    await write('hand', 1, '1');
    await eventually('what is accepted holds', async () => (await ask(other, 'hand')) === 429);
    await write('hand', 2, '-5');
    await eventually('what is not does not', async () => (await ask(other, 'hand')) === 200);
    await write('hand', 3, '{"per":"minute"}');
    expect(await ask(other, 'hand')).toBe(200);
    expect((await askSettings(other, 'GET', '/tenant-settings/http.requests_per_minute', { of: 'hand' })).body).toMatchObject({
      value: 10_000,
      source: 'default',
      flaw: 'must be a whole number from 0 to 100000000',
    });
  });

  it('blots out a reason that names an erased buyer, and keeps the change', async () => {
    const name = 'alerts.horizon_seconds';
    await askSettings(service, 'PATCH', `/settings/${name}`, { body: { value: 400, reason: 'asked for by Jan Invented' } });
    const holder = service.app.get(HoldersOfCopies).holders.find((one) => one.name === 'settings');
    const buyer = { tenantId: 'busy', isNamedIn: (text: string) => text.includes('Invented') } as ForgottenBuyer;
    expect([await holder?.forget(buyer), await holder?.forget(buyer)]).toEqual([1, 0]);
    expect((await askSettings(service, 'GET', `/settings/${name}`)).body).toMatchObject({ value: 400, version: 1, reason: '[erased]' });
  });
});
