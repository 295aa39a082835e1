import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseConfiguration } from '../../src/platform/config/configuration.js';
import { ForgottenBuyer } from '../../src/platform/erasure/forgotten-buyer.js';
import { HoldersOfCopies } from '../../src/platform/erasure/holders-of-copies.js';
import { Database } from '../../src/platform/database/database.js';
import { RetentionRules } from '../../src/platform/retention/retention-rules.js';
import { seal } from '../../src/platform/vault/seal.js';
import { WebhookKeyCheck } from '../../src/webhooks/webhook-key-check.service.js';
import { WebhookVault } from '../../src/webhooks/webhook-vault.service.js';
import { eventually } from '../support/eventually.js';
import { Service } from '../support/service.js';
import { startContext } from '../support/service-context.js';
import { type Answering, answering } from '../support/webhook-receiver.js';
import { LOOPBACK_ALLOWED, type Subscribed, WebhookWorld } from '../support/webhook-world.js';

/** A receiver that repeats what it was sent, as some do in their errors. */
const echo: Answering = ({ body, headers }, response) => answering(500, {}, body)({ body, headers }, response);

let stage: WebhookWorld;
let webhook: Subscribed;

beforeAll(async () => {
  stage = await WebhookWorld.start();
  webhook = await stage.subscribe((await stage.receiver(echo)).url, { event_types: ['order.created'], payload: 'full' });
});
afterAll(() => stage.stop());

/** The order's delivery after so many attempts, with what the last of them was answered. */
const tried = (orderId: string, attempts: number) =>
  eventually('it was tried', async () => {
    if (attempts > 1) await stage.hurry();
    const [delivery] = await stage.deliveries(webhook.id, `?order_id=${orderId}`);
    if (!delivery || Number(delivery['attempts']) < attempts) return null;
    const { body } = await stage.service.call('GET', `/webhooks/${webhook.id}/deliveries/${String(delivery['message_id'])}`);
    return { id: String(delivery['message_id']), answers: (body['attempts_log'] as { answer: string | null }[]).map(({ answer }) => answer) };
  });

describe('what receivers answered', () => {
  it('is sealed in the database, and goes with the buyer it may repeat', async () => {
    await stage.read('echo-1');
    await stage.read('echo-2');
    const both = [await tried('echo-1', 1), await tried('echo-2', 1)];
    expect(both.map(({ answers }) => answers[0])).toEqual([expect.stringContaining('Halina'), expect.stringContaining('Halina')]);
    const { rows } = await stage.world.owner.query<{ raw: string }>(`select encode(answer, 'escape') as raw from webhook_attempts where answer is not null`);
    expect(rows.map(({ raw }) => raw).join()).not.toMatch(/Halina|example\.com/);
    const forgetting = {
      erasureId: 'e',
      tenantId: 'tenant-a',
      accountId: stage.shop.accountId,
      until: new Date(),
      orders: [{ streamId: '1', orderId: 'echo-1' }],
    };
    const holder = stage.service.app.get(HoldersOfCopies).holders.find(({ name }) => name === 'webhook answers');
    expect(await holder?.forget(new ForgottenBuyer(forgetting, { ids: [], texts: [] }))).toBeGreaterThan(0);
    expect((await tried('echo-1', 1)).answers.every((answer) => answer === null)).toBe(true);
    expect((await tried('echo-2', 1)).answers[0]).toContain('Halina');
  });

  it('is not kept when the buyer was erased while the request was under way', async () => {
    await stage.read('echo-3');
    await tried('echo-3', 1);
    await stage.world.owner.query(
      `update vault.order_keys set wrapped_key = null, destroyed_at = now() where stream_id = (select stream_id from orders where order_id = 'echo-3')`,
    );
    const { answers } = await tried('echo-3', 2);
    expect([answers[0], answers.at(-1)]).toEqual([null, expect.stringContaining('echo-3')]);
  });
});

describe('deliveries', () => {
  it('age out with their attempts once they have ended, and owed ones never', async () => {
    const kept = await stage.subscribe((await stage.receiver()).url, { event_types: ['order.created'] });
    await stage.read('aged-1');
    await eventually('it was delivered', async () => (await stage.deliveries(kept.id)).some(({ state }) => state === 'delivered') || null);
    const rule = stage.service.app.get(RetentionRules).all.find(({ name }) => name === 'webhook_deliveries');
    const remove = () => stage.service.app.get(Database).transaction(async (tx) => rule?.remove(tx, { days: rule.days, limit: 100 }));
    expect([rule?.days, await remove()]).toEqual([30, 0]);
    await stage.world.owner.query(`update webhook_deliveries set finished_at = finished_at - interval '31 days', created_at = created_at - interval '31 days'`);
    expect(await remove()).toBe(1);
    expect([(await stage.deliveries(kept.id)).length, (await stage.deliveries(webhook.id)).length]).toEqual([0, 4]);
    const { rows } = await stage.world.owner.query(
      `select from webhook_attempts a where not exists (select from webhook_deliveries d where d.id = a.delivery_id)`,
    );
    expect(rows).toEqual([]);
  });
});

describe('a process', () => {
  it('does not start without the master key that sealed a webhook', async () => {
    const start = (keys: string) => startContext(stage.world.database, { providers: [WebhookKeyCheck, WebhookVault] }, { MASTER_KEYS: keys });
    const other = `other:${randomBytes(32).toString('base64')}`;
    await expect(start(other)).rejects.toThrow(/MASTER_KEYS does not open webhooks sealed under the key "k1"/);
    await (await start(`${other},${String(stage.world.environment['MASTER_KEYS'])}`)).close();
  });

  it.each([
    'update webhooks set secret = $2 where id = $1',
    `insert into webhook_previous_secrets (webhook_id, secret, valid_until) values ($1, $2, now() + interval '1 hour')`,
  ])('does not start without the master key of a secret: %s', async (statement) => {
    const { id } = await stage.subscribe((await stage.receiver()).url, { event_types: ['order.created'] });
    const known = String(stage.world.environment['MASTER_KEYS']);
    const rare = `rare:${randomBytes(32).toString('base64')}`;
    const { masterKeys } = parseConfiguration({ ...stage.world.environment, MASTER_KEYS: rare });
    const sealed = seal(masterKeys, 'whsec_c2VjcmV0', `webhook:${id}:secret`);
    await stage.world.owner.query(statement, [id, sealed]);
    const start = (keys: string) => startContext(stage.world.database, { providers: [WebhookKeyCheck, WebhookVault] }, { MASTER_KEYS: keys });
    await expect(start(known)).rejects.toThrow(/MASTER_KEYS does not open webhooks sealed under the key "rare"/);
    await (await start(`${known},${rare}`)).close();
    await stage.world.owner.query('update webhook_previous_secrets set valid_until = now() where webhook_id = $1', [id]);
    await stage.world.owner.query(`update webhooks set state = case when secret = $2 then 'deleted' else state end where id = $1`, [id, sealed]);
    await (await start(known)).close();
  });

  it('that was frozen while another one sent for it changes nothing when it wakes up', async () => {
    const receiver = await stage.receiver();
    const other = await stage.subscribe(receiver.url, { event_types: ['order.created'] });
    const hanging: ((status: number) => void)[] = [];
    receiver.answer = (request, response) =>
      new Promise<number>((resolve) => {
        hanging.push((status) => resolve(answering(status)(request, response)));
      });
    await stage.read('frozen-1');
    await eventually('the first request hangs', () => hanging.length === 1 || null);
    // As another process sees it: the claim has ended, and it claims anew.
    await stage.world.owner.query(`update webhook_deliveries set claim = null, claimed_until = null where webhook_id = $1`, [other.id]);
    await eventually('it is sent again', () => hanging.length === 2 || null);
    const claim = '0190aaaa-bbbb-4ccc-8ddd-eeeeffff0000';
    await stage.world.owner.query(`update webhook_deliveries set claim = $2 where webhook_id = $1`, [other.id, claim]);
    for (const answer of hanging) answer(500);
    await eventually('both late answers arrived', () => receiver.received.length === 2 || null);
    receiver.answer = answering(204);
    const { rows } = await stage.world.owner.query(`update webhook_deliveries set claimed_until = now() where claim = $1 returning attempts`, [claim]);
    expect(rows).toEqual([{ attempts: 0 }]);
    await eventually('it was sent once more', async () => (await stage.deliveries(other.id)).some(({ state }) => state === 'delivered') || null);
    expect(await stage.deliveries(other.id)).toMatchObject([{ state: 'delivered', attempts: 1, last_status: 204 }]);
    expect(await stage.webhook(other.id)).toMatchObject({ failures: 0 });
  });

  it('that is told to stop leaves what it was sending to the next one, and counts no attempt', async () => {
    const alone = await WebhookWorld.start(false);
    const worker = await Service.start(alone.world, { role: 'worker', env: LOOPBACK_ALLOWED });
    const receiver = await alone.receiver(() => new Promise<number>(() => undefined));
    await alone.subscribe(receiver.url, { event_types: ['order.created'] });
    await alone.read('stopped-1');
    await eventually('it is being sent', () => receiver.connections === 1 || null);
    await worker.stop();
    const { rows } = await alone.world.owner.query('select state, attempts, claim from webhook_deliveries');
    expect(rows).toEqual([{ state: 'owed', attempts: 0, claim: null }]);
    await alone.stop();
  });

  it('says how much is owed and for how long', async () => {
    const { payload } = await stage.service.app.inject({ method: 'GET', url: '/metrics' });
    expect(payload).toMatch(/^webhook_deliveries_owed [1-9]/m);
    expect(payload).toMatch(/^webhook_oldest_owed_seconds [0-9.]+$/m);
  });

  it('goes on sending to others while receivers hang', async () => {
    const hanging = await stage.receiver(() => new Promise<number>(() => undefined));
    const good = await stage.receiver();
    await stage.subscribe(hanging.url, { event_types: ['order.created'] });
    await stage.subscribe(good.url, { event_types: ['order.created'] });
    for (let count = 0; count < 30; count += 1) await stage.read(`many-${String(count)}`);
    await eventually('the good one has all of them', () => good.received.length === 30 || null);
    expect(hanging.connections).toBeLessThanOrEqual(8);
  });
});
