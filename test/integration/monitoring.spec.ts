import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer, tokenOf } from '../support/access-tokens.js';
import { eventually } from '../support/eventually.js';
import { seedAccount } from '../support/seeded-accounts.js';
import { type Json, Service } from '../support/service.js';
import { tokenWorld, type TokenWorld } from '../support/token-app.js';

let world: TokenWorld;
let service: Service;
let receiver: Server;
const received: Json[] = [];
/** What the receiver answers next; then 200. */
const answers: number[] = [];
let tokenId: string;
let accountId: string;

beforeAll(async () => {
  world = await tokenWorld();
  receiver = createServer((request, response) => {
    let text = '';
    request.on('data', (part: Buffer) => (text += part.toString()));
    request.on('end', () => {
      const status = answers.shift() ?? 200;
      if (status === 200) received.push({ url: request.url, ...(JSON.parse(text) as Json) });
      response.writeHead(status, status === 302 ? { location: '/elsewhere' } : {}).end('x'.repeat(100_000));
    });
  }).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const url = `http://127.0.0.1:${String((receiver.address() as AddressInfo).port)}/hook`;
  const env = { MONITOR_INTERVAL_SECONDS: '1', ALERT_AFTER_LOOKS: '2', CLEAR_AFTER_LOOKS: '2', ALERT_WEBHOOK_URL: url };
  service = await Service.start(world, { role: 'all', env });
  ({ tokenId, accountId } = await service.connect());
}, 60_000);

afterAll(async () => {
  await service.stop();
  receiver.closeAllConnections();
  receiver.close();
  await world.release();
});

async function freshness(query = `?token_id=${tokenId}`): Promise<unknown> {
  const { body } = await service.call('GET', `/accounts/freshness${query}`);
  return (body['accounts'] as Json[]).map((account) => account['freshness']);
}

async function asOperator(path: string): Promise<Json> {
  const answer = await service.app.inject({ method: 'GET', url: `/api/v1${path}`, headers: bearer(tokenOf('staff', { roles: ['operator'] })) });
  expect(answer.statusCode).toBe(200);
  return answer.json<Json>();
}

const heard = (kind: string, state: string) =>
  eventually(`the receiver hears that ${kind} is ${state}`, () =>
    Promise.resolve(received.find((alert) => alert['kind'] === kind && alert['state'] === state) ?? null),
  );

describe('the monitoring', () => {
  it('follows an account from its link to its first sync, in the interface and as metric', async () => {
    expect(await freshness()).toEqual(['never']);
    expect((await service.call('POST', '/sync/activate', { token_id: tokenId, interval_minutes: 5 })).status).toBe(200);
    await eventually('the account is fresh', async () => JSON.stringify(await freshness()) === '["fresh"]');
    expect(await freshness('')).toEqual(['fresh']);
    await eventually('the metric says so', async () =>
      (await service.app.inject({ method: 'GET', url: '/metrics' })).body.includes('account_freshness{state="fresh"} 1'),
    );
  }, 30_000);

  it('shows nobody the accounts, alerts and fleet of others', async () => {
    expect((await service.call('GET', `/accounts/freshness?token_id=${tokenId}`, undefined, 'tenant-b')).status).toBe(404);
    expect((await service.call('GET', `/alerts?token_id=${tokenId}`, undefined, 'tenant-b')).status).toBe(404);
    expect((await service.call('GET', '/accounts/freshness', undefined, 'tenant-b')).body['accounts']).toEqual([]);
    expect((await service.call('GET', '/fleet')).status).toBe(403);
  });

  it('reports the quality of an account by day: nothing while nothing is wrong, then the real issues with their orders', async () => {
    const report = async () =>
      (await service.call('GET', `/orders/data-quality?token_id=${tokenId}&days=7`)).body as { health_metrics: Json; quality_report: Json };
    const calm = await report();
    expect(calm.health_metrics).toEqual({
      total_orders: 1,
      orders_with_issues: 0,
      missing_data_ratio: 0,
      regression_ratio: 0,
      anomaly_score: 0,
      last_successful_sync: expect.any(String),
      critical_issues: 0,
    });
    expect(calm.quality_report).toMatchObject({ period: '7 days', top_issues: [], recommendations: [] });
    const days = calm.quality_report['daily_metrics'] as Json[];
    expect(days.map(({ orders_created: created }) => created)).toEqual([0, 0, 0, 0, 0, 0, 1]);
    expect(calm.quality_report['total_sync_events']).toBe(days.at(-1)?.['sync_events']);

    await world.owner.query(
      `insert into owed_forms (account_id, order_id, reason, attempts, next_try_at) values ($1, 'bad-1', 'malformed', 5, now() + interval '1 day')`,
      [accountId],
    );
    await world.owner.query(
      `insert into quarantine_items (account_id, order_id, content_key, kind, reasons, sealed, observed_at)
       values ($1, 'bad-2', '\\x00', 'form', '[{"code":"total_lost","detail":"the total became zero"}]', '\\x00', now())`,
      [accountId],
    );
    const troubled = await report();
    expect(troubled.health_metrics).toMatchObject({ orders_with_issues: 2, critical_issues: 1 });
    expect(Number(troubled.health_metrics['anomaly_score'])).toBeGreaterThan(0);
    expect(troubled.quality_report).toMatchObject({
      top_issues: [
        { issue: 'held_total_lost', severity: 'critical', count: 1, order_ids: ['bad-2'] },
        { issue: 'unreadable_malformed', severity: 'warning', count: 1, order_ids: ['bad-1'] },
      ],
      recommendations: [expect.any(String), expect.any(String)],
    });
    expect((await service.call('GET', `/orders/data-quality?token_id=${tokenId}`, undefined, 'tenant-b')).status).toBe(404);
    await world.owner.query('delete from owed_forms; delete from quarantine_items');
  }, 30_000);

  it('raises one alert for one trouble, tells the receiver although it failed first, and clears it', async () => {
    answers.push(500, 302);
    await world.owner.query(`update tokens set state = 'needs_reauth' where id = $1`, [tokenId]);
    expect(await heard('account_disconnected', 'open')).toMatchObject({ url: '/hook', tenant_id: 'tenant-a', token_id: tokenId, closed_at: null });
    expect(await freshness()).toEqual(['disconnected']);
    const { body } = await service.call('GET', '/alerts?state=open');
    expect(body['alerts']).toEqual([expect.objectContaining({ kind: 'account_disconnected', token_id: tokenId })]);
    expect((await service.call('GET', '/alerts', undefined, 'tenant-b')).body['alerts']).toEqual([]);

    await world.owner.query(`update tokens set state = 'active' where id = $1`, [tokenId]);
    expect(await heard('account_disconnected', 'closed')).toMatchObject({ closed_at: expect.any(String) });
    expect(received.filter(({ kind }) => kind === 'account_disconnected')).toHaveLength(2);
    await eventually('it is noted as told', async () => {
      const { rows } = await world.owner.query<Json>(`select state, told_state from alerts where kind = 'account_disconnected'`);
      return JSON.stringify(rows) === '[{"state":"closed","told_state":"closed"}]';
    });
  }, 40_000);

  it('sees a paused account and one that stalled', async () => {
    await world.owner.query(`insert into sync_pauses (id, account_id, causes, forms) values (gen_random_uuid(), $1, '[]', 3)`, [accountId]);
    expect(await freshness()).toEqual(['paused']);
    await world.owner.query(`update sync_pauses set resumed_at = now()`);
    const stalled = await seedAccount(world.owner, 'tenant-c');
    await schedule(stalled, `now() - interval '1 day'`, 0);
    await heard('account_stalled', 'open');
    expect((await service.call('GET', '/accounts/freshness', undefined, 'tenant-c')).body['accounts']).toEqual([
      expect.objectContaining({ freshness: 'stalled' }),
    ]);
    expect(await asOperator('/fleet')).toMatchObject({
      verdict: 'accounts',
      accounts: 2,
      allegro: 'up',
      freshness: { stalled: 1 },
      open_alerts: { account_stalled: 1 },
    });
  }, 40_000);

  it('tells an outage of Allegro from the trouble of single accounts', async () => {
    for (let index = 0; index < 4; index += 1) await schedule(await seedAccount(world.owner, 'tenant-d'), 'now()', 2);
    expect(await asOperator('/fleet')).toMatchObject({ verdict: 'allegro_down', failing: 4 });
    expect(await heard('allegro_down', 'open')).toMatchObject({ token_id: null });
    await heard('account_stalled', 'closed');
    const { alerts } = (await asOperator('/alerts?state=open')) as { alerts: Json[] };
    expect(alerts.map(({ kind }) => kind)).toContain('allegro_down');
    const { body } = await service.call('GET', '/alerts?state=open');
    expect(body['alerts']).toEqual([]);
  }, 40_000);
});

/** A schedule that is never due, so that no run of it changes what the test says. */
async function schedule(account: { accountId: string; tenantId: string; tokenIds: readonly string[] }, lastSuccess: string, failures: number): Promise<void> {
  await world.owner.query(
    `insert into sync_schedules (token_id, tenant_id, account_id, is_active, interval_minutes, status, next_run_at, last_success_at, consecutive_failures, created_at)
     values ($1, $2, $3, true, 5, 'idle', now() + interval '1 day', ${lastSuccess}, $4, now() - interval '2 days')`,
    [account.tokenIds[0], account.tenantId, account.accountId, failures],
  );
}
