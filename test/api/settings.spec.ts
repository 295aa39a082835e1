import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { eventually } from '../support/eventually.js';
import { type Json, Service } from '../support/service.js';
import { askSettings, type SettingRequest } from '../support/settings-client.js';
import { tokenWorld, type TokenWorld } from '../support/token-app.js';

let world: TokenWorld;
let service: Service;
/** Another process in front of the same database. */
let other: Service;

beforeAll(async () => {
  jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined); // values that are not accepted
  world = await tokenWorld();
  service = await Service.start(world);
  other = await Service.start(world);
});
afterAll(async () => {
  await service.stop();
  await other.stop();
  await world.release();
});

interface Sent extends SettingRequest {
  readonly by?: Service;
}

const send = (method: 'GET' | 'PATCH' | 'DELETE', path: string, { by = service, ...request }: Sent = {}) => askSettings(by, method, path, request);
const set = (name: string, value: unknown, sent: Sent = {}) => send('PATCH', `/settings/${name}`, { body: { value, reason: 'ticket 4711' }, ...sent });
const changesOf = async (path: string) => (await send('GET', path)).body['changes'] as Json[];

describe('the settings', () => {
  it('are listed with what holds, its bounds and where it comes from', async () => {
    const { status, body } = await send('GET', '/settings', { roles: ['support'] });
    expect(status).toBe(200);
    const settings = body['settings'] as Json[];
    expect(settings.map(({ name }) => name)).toEqual([...settings.map(({ name }) => name)].sort());
    expect(settings.find(({ name }) => name === 'retention.task_days')).toEqual({
      name: 'retention.task_days',
      value: 30,
      unit: 'days',
      type: 'integer',
      default: 30,
      minimum: 1,
      maximum: 3_650,
      description: expect.any(String),
      source: 'default',
      per_tenant: false,
      environment_variable: 'RETENTION_TASK_DAYS',
      version: 0,
      changed_at: null,
      changed_by: null,
      reason: null,
      flaw: null,
      tenants: 0,
    });
    for (const { value, minimum, maximum } of settings) {
      expect(value).toBeGreaterThanOrEqual(Number(minimum));
      expect(value).toBeLessThanOrEqual(Number(maximum));
    }
  });

  it('take their default from the environment', async () => {
    const short = await Service.start(world, { env: { RETENTION_ALERT_DAYS: '7' } });
    const { body } = await send('GET', '/settings/retention.alert_days', { by: short });
    expect([body['value'], body['default'], body['source']]).toEqual([7, 7, 'default']);
    await short.stop();
  });

  it('are the ones their page says, with their defaults and bounds', async () => {
    const usual = await Service.start(world, { env: { RATE_LIMIT_PER_MINUTE: '', OUTGOING_PER_MINUTE: '', REFUSALS_PER_MINUTE: '' } });
    const { body } = await send('GET', '/settings', { by: usual });
    const rows = (body['settings'] as Json[]).map((setting) => {
      const variable = setting['environment_variable'] === null ? '' : `\`${String(setting['environment_variable'])}\``;
      const bounds = `${String(setting['minimum'])} to ${String(setting['maximum'])}`;
      const perTenant = setting['per_tenant'] === true ? 'yes' : 'no';
      return [`\`${String(setting['name'])}\``, setting['default'], bounds, setting['unit'], perTenant, variable, setting['description']].map(String);
    });
    const page = await readFile('docs/settings.md', 'utf8');
    const told = [...page.matchAll(/^\| (`[a-z]+\.[a-z_]+` \|.*) \|$/gm)].map(([, row = '']) => row.split('|').map((cell) => cell.trim()));
    expect(told).toEqual(rows);
    await usual.stop();
  });

  it('are for operators: support reads, sellers see nothing', async () => {
    expect((await send('GET', '/settings', { roles: ['seller'] })).status).toBe(403);
    expect((await send('GET', '/tenant-settings', { roles: ['seller'] })).status).toBe(403);
    expect((await set('retention.task_days', 31, { roles: ['support'] })).status).toBe(403);
    expect((await send('DELETE', '/settings/retention.task_days', { roles: ['support'] })).status).toBe(403);
    expect((await send('GET', '/settings/retention.task_days/history', { roles: ['support'] })).status).toBe(200);
  });

  it('do not exist under another name', async () => {
    for (const path of ['/settings/retention.nothing', '/settings/retention.nothing/history', '/tenant-settings/retention.task_days']) {
      expect(await send('GET', path)).toMatchObject({ status: 404, body: { code: 'SETTING_NOT_FOUND' } });
    }
    expect(await set('constructor', 1)).toMatchObject({ status: 404 });
    expect(await send('DELETE', '/tenant-settings/retention.task_days')).toMatchObject({ status: 404 });
  });

  it.each([0, 3_651, 1.5, '7', null, true, [7]])('refuse %j by the name of the field, and where it is a number by the bounds', async (value) => {
    const { status, body } = await set('retention.delivery_days', value);
    expect([status, body['code']]).toEqual([422, 'VALIDATION_FAILED']);
    const [error] = body['errors'] as Json[];
    expect(error?.['field']).toBe('value');
    if (typeof value === 'number') expect(error?.['message']).toBe('value must be a whole number from 1 to 3650 (days)');
    expect(await changesOf('/settings/retention.delivery_days/history')).toEqual([]);
  });

  it('are not changed without a reason', async () => {
    const { status, body } = await send('PATCH', '/settings/retention.task_days', { body: { value: 31 } });
    expect([status, (body['errors'] as Json[])[0]?.['field']]).toEqual([422, 'reason']);
  });
});

describe('a change', () => {
  it('is told by whom, when and why, and goes back to the default with its history', async () => {
    const name = 'retention.sync_run_days';
    const changed = await set(name, 45);
    expect(changed).toMatchObject({
      status: 200,
      etag: '"1"',
      body: { value: 45, default: 90, source: 'set', version: 1, changed_by: 'staff', reason: 'ticket 4711' },
    });
    await set(name, 60);
    expect(await send('DELETE', `/settings/${name}?reason=tried`)).toMatchObject({
      status: 200,
      etag: '"3"',
      body: { value: 90, source: 'default', version: 3 },
    });
    const changes = await changesOf(`/settings/${name}/history`);
    expect(changes).toEqual([
      { version: 3, changed_at: expect.any(String), changed_by: 'staff', from: 60, to: null, reason: 'tried' },
      { version: 2, changed_at: expect.any(String), changed_by: 'staff', from: 45, to: 60, reason: 'ticket 4711' },
      { version: 1, changed_at: expect.any(String), changed_by: 'staff', from: null, to: 45, reason: 'ticket 4711' },
    ]);
    const first = await send('GET', `/settings/${name}/history?limit=2`);
    expect(first.body['next_before']).toBe(2);
    const rest = await send('GET', `/settings/${name}/history?limit=2&before=2`);
    expect([...(first.body['changes'] as Json[]), ...(rest.body['changes'] as Json[])]).toEqual(changes);
    expect(rest.body['next_before']).toBeNull();
  });

  it('that changes nothing is no change', async () => {
    const name = 'alerts.expiry_days';
    expect((await send('DELETE', `/settings/${name}`)).body['version']).toBe(0);
    expect([(await set(name, 20)).body['version'], (await set(name, 20)).body['version']]).toEqual([1, 1]);
    expect(await changesOf(`/settings/${name}/history`)).toHaveLength(1);
  });

  it('by somebody who knows an older version is refused; of two at once one wins', async () => {
    const name = 'alerts.owed_orders';
    expect(await set(name, 10, { ifMatch: '"1"' })).toMatchObject({ status: 412, body: { code: 'SETTING_CHANGED', version: 0 } });
    const answers = await Promise.all(
      [11, 12, 13, 14, 15, 16].map((value, index) => set(name, value, { ifMatch: '"0"', by: index % 2 === 0 ? service : other })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412, 412, 412]);
    const won = answers.find(({ status }) => status === 200);
    expect(await changesOf(`/settings/${name}/history`)).toEqual([expect.objectContaining({ version: 1, from: null, to: won?.body['value'] })]);
    expect(await send('DELETE', `/settings/${name}`, { ifMatch: '"0"' })).toMatchObject({ status: 412 });
    expect(await send('DELETE', `/settings/${name}`, { ifMatch: won?.etag ?? '' })).toMatchObject({ status: 200 });
  });

  it('without a version loses nothing: changes take turns, and each is in the history', async () => {
    const name = 'alerts.held_documents';
    const values = [31, 32, 33, 34, 35, 36, 37, 38];
    const answers = await Promise.all(values.map((value, index) => set(name, value, { by: index % 2 === 0 ? service : other })));
    expect(answers.map(({ status }) => status)).toEqual(values.map(() => 200));
    const changes = await changesOf(`/settings/${name}/history`);
    expect(changes.map(({ version }) => version)).toEqual([8, 7, 6, 5, 4, 3, 2, 1]);
    expect(changes.map(({ to }) => Number(to)).sort((a, b) => a - b)).toEqual(values);
    expect(changes.slice(0, -1).map(({ from }) => from)).toEqual(changes.slice(1).map(({ to }) => to));
  });

  it('is an entry of the audit trail, and one that was refused is none', async () => {
    await set('alerts.horizon_seconds', 600);
    await set('alerts.horizon_seconds', 59);
    await set('alerts.horizon_seconds', 700, { ifMatch: '"7"' });
    const { body } = await send('GET', '/audit?subject=alerts.horizon_seconds');
    const entries = body['entries'] as Json[];
    expect(entries).toHaveLength(1);
    expect(entries[0]).toMatchObject({ actor: 'staff', action: 'setting.set', reason: 'ticket 4711' });
    expect(entries[0]?.['subject']).toEqual({ name: 'alerts.horizon_seconds', of_tenant: false, value: 600, version: 1 });
  });

  it('cannot be changed afterwards: neither by the service nor by the owner of the table', async () => {
    await set('retention.change_days', 40);
    const { owner } = world;
    for (const statement of ['update setting_changes set value = $$1$$', 'delete from setting_changes', 'truncate setting_changes']) {
      await expect(owner.query(statement)).rejects.toThrow('append-only');
    }
    const { rows } = await owner.query<{ granted: string[] }>(
      `select array_agg(privilege_type::text order by privilege_type) as granted from information_schema.role_table_grants
       where table_name = 'setting_changes' and grantee = 'order_service'`,
    );
    expect(rows[0]?.granted).toEqual(['INSERT', 'SELECT']);
  });
});

describe('a value the service does not accept', () => {
  it('in the database is told, and the default holds', async () => {
    const write = (name: string, value: string) =>
      world.owner.query(`insert into setting_changes (name, tenant_id, version, value, actor) values ($1, '', 1, $2, 'hand')`, [name, value]);
    await write('freshness.late_intervals', '0');
    await write('freshness.late_slack_minutes', '"soon"');
    await write('of.another_version', '7');
    const { body } = await send('GET', '/settings');
    const settings = body['settings'] as Json[];
    expect(settings.find(({ name }) => name === 'freshness.late_intervals')).toMatchObject({
      value: 2,
      source: 'default',
      version: 1,
      flaw: 'must be a whole number from 1 to 1440',
    });
    expect(settings.find(({ name }) => name === 'freshness.late_slack_minutes')).toMatchObject({ value: 2, flaw: 'must be a whole number from 0 to 1440' });
    await eventually('the metric counts them', async () => {
      const metrics = await service.app.inject({ method: 'GET', url: '/metrics' });
      return metrics.body.includes('settings_refused 2');
    });
    expect(await set('freshness.late_intervals', 3)).toMatchObject({ status: 200, body: { value: 3, flaw: null, version: 2 } });
  });
});
