import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { bearer, tokenOf } from '../support/access-tokens.js';
import { eventually } from '../support/eventually.js';
import { type Json, Service } from '../support/service.js';
import { answering, TestReceiver } from '../support/webhook-receiver.js';
import { WebhookWorld } from '../support/webhook-world.js';

let world: WebhookWorld;
let monitor: Service;
let operator: TestReceiver;

beforeAll(async () => {
  world = await WebhookWorld.start();
  operator = await TestReceiver.start();
  const env = { MONITOR_INTERVAL_SECONDS: '1', ALERT_AFTER_LOOKS: '1', CLEAR_AFTER_LOOKS: '1', ALERT_WEBHOOK_URL: operator.url };
  monitor = await Service.start(world.world, { role: 'scheduler', env });
});
afterAll(async () => {
  await monitor.stop();
  await operator.stop();
  await world.stop();
});

async function alerts(tenant = 'tenant-a', role = 'seller'): Promise<Json[]> {
  const url = '/api/v1/alerts?state=open';
  const answer = await world.service.app.inject({ url, headers: bearer(tokenOf(tenant, { roles: [role] })) });
  return answer.json<{ alerts: Json[] }>().alerts.filter(({ kind }) => kind === 'webhook_disabled');
}

const switchedOff = async () => (await alerts()).map(({ figures }) => (figures as Json)['webhook_id']).sort();
const becomes = (ids: readonly string[]) =>
  eventually(`alerts about ${String(ids.length)} webhooks`, async () => JSON.stringify(await switchedOff()) === JSON.stringify([...ids].sort()));
const patch = (id: string, state: string) => world.service.call('PATCH', `/webhooks/${id}`, { state });

it('alerts seller and operator to each webhook that its receiver switched off, until somebody deals with it', async () => {
  const [first, second, healthy] = [await world.receiver(answering(410)), await world.receiver(answering(410)), await world.receiver()];
  const ids = [(await world.subscribe(first.url)).id, (await world.subscribe(second.url)).id];
  await world.subscribe(healthy.url, { event_types: ['order.cancelled'] });
  await world.read('off-1');
  await becomes(ids);
  expect(await alerts()).toContainEqual(
    expect.objectContaining({ token_id: null, detail: expect.stringContaining('(410)'), figures: expect.objectContaining({ reason: 'gone' }) }),
  );
  expect(JSON.stringify(await alerts())).not.toContain('127.0.0.1');
  expect([await alerts('tenant-b'), (await alerts('tenant-a', 'operator')).length]).toEqual([[], 2]);
  await eventually('the operator is told', () =>
    Promise.resolve(operator.received.filter(({ body }) => (JSON.parse(body) as Json)['kind'] === 'webhook_disabled').length === 2),
  );

  first.answer = answering(204);
  expect((await patch(ids[0] ?? '', 'active')).status).toBe(200);
  await becomes(ids.slice(1));
  // Nobody wants it back: its tenant says so.
  expect((await patch(ids[1] ?? '', 'disabled')).body).toMatchObject({ state: 'disabled', disabled_reason: 'by_tenant' });
  await becomes([]);
}, 30_000);

it('says when a receiver failed for five days', async () => {
  const receiver = await world.receiver(answering(500));
  const { id } = await world.subscribe(receiver.url);
  await world.world.owner.query(`update webhooks set failures = 3, failing_since = now() - interval '5 days' where id = $1`, [id]);
  await world.read('off-2');
  await becomes([id]);
  expect((await alerts())[0]).toMatchObject({ detail: expect.stringContaining('five days'), figures: { webhook_id: id, reason: 'failing' } });
}, 30_000);
