import { afterEach, describe, expect, it } from '@jest/globals';
import { freePort } from '../../launcher/free-port.js';
import { eventually } from '../support/eventually.js';
import { startTestRedis, type TestRedis } from '../support/redis-server.js';
import { ServiceClient } from '../support/service-client.js';
import { type ServiceProcess, startServiceProcess } from '../support/service-process.js';
import { queueBackends } from '../support/test-redis.js';
import { type TokenWorld, tokenWorld } from '../support/token-app.js';

/** A sync that met an outage waits up to half a minute before it asks again, and so does the breaker. */
const HEALS_WITHIN_MS = 90_000;
const TIMEOUT_MS = 180_000;
const ORDERS = 12;

interface Stage {
  readonly world: TokenWorld;
  readonly service: ServiceProcess;
  readonly client: ServiceClient;
  readonly tokenId: string;
  /** An order that is known, and an instant after it was. */
  readonly orderId: string;
  readonly asOf: string;
}

let stage: Stage | null = null;
let redis: TestRedis | null = null;

afterEach(async () => {
  stage?.service.signal('SIGKILL');
  await stage?.service.ended;
  await redis?.stop();
  await stage?.world.release();
  stage = null;
  redis = null;
}, TIMEOUT_MS);

/** One process of all roles whose seller's orders are synced; its sandbox stays on one port, so that it can come back. */
async function setStage(env: Readonly<Record<string, string>> = {}): Promise<Stage> {
  const world = await tokenWorld({ orders: ORDERS, seed: 53, port: await freePort() });
  const service = await startServiceProcess({ ...world.environment, ...env, ROLE: 'all', LOG_LEVEL: 'error' });
  if (service.url === null) throw new Error(`the service did not start: ${service.stderr()}${service.stdout()}`);
  const client = new ServiceClient(service.url);
  const tokenId = await client.connect(world);
  await synced(client, await client.startSync(tokenId, false));
  return (stage = { world, service, client, tokenId, orderId: world.sandbox.orderIds()[0] ?? '', asOf: new Date().toISOString() });
}

async function synced(client: ServiceClient, taskId: string): Promise<void> {
  await eventually('the sync succeeds', async () => (await client.taskStatus(taskId)) === 'SUCCESS', HEALS_WITHIN_MS);
}

/** Every kind of read of orders and both flags written; each flag is read back as it was written. */
async function useIt({ client, tokenId, orderId, asOf }: Stage, invoiceId: string): Promise<void> {
  const order = `/orders/${orderId}`;
  const token = `token_id=${tokenId}`;
  const list = await client.call('GET', `/orders?${token}&stock_updated=false`);
  expect(list).toMatchObject({ status: 200, body: { pagination: { total: ORDERS } } });
  expect(await client.call('GET', `${order}?${token}`)).toMatchObject({ status: 200, body: { order: { allegro_order_id: orderId } } });
  const then = await client.call('GET', `${order}?${token}&as_of=${asOf}`);
  expect(then).toMatchObject({ status: 200, body: { order: { allegro_order_id: orderId, technical_flags: { invoice_id: null } } } });
  expect(await client.call('GET', `${order}/timeline?${token}`)).toMatchObject({ status: 200, body: { order_id: orderId } });
  expect(await client.call('PATCH', `${order}/stock-status?${token}`, { is_stock_updated: true })).toMatchObject({ status: 200 });
  const invoice = { has_invoice_created: true, invoice_id: invoiceId };
  expect(await client.call('PATCH', `${order}/invoice-status?${token}`, invoice)).toMatchObject({ status: 200 });
  const flags = await client.call('GET', `${order}/technical-flags?${token}`);
  expect(flags).toMatchObject({ status: 200, body: { technical_flags: { is_stock_updated: true, ...invoice } } });
  expect(await client.call('GET', `/orders/technical-flags/summary?${token}`)).toMatchObject({
    status: 200,
    body: { summary: { invoices_created_orders: 1 } },
  });
}

async function isListed({ client, tokenId }: Stage, orderId: string): Promise<boolean> {
  return (await client.call('GET', `/orders/${orderId}?token_id=${tokenId}`)).status === 200;
}

describe('while Allegro is down', () => {
  it(
    'orders are read and flags written all the same, and the sync that was asked for meanwhile heals by itself',
    async () => {
      const open = await setStage();
      await open.world.sandbox.close();
      const [arrived = ''] = open.world.sandbox.createOrders({ count: 1, status: 'READY_FOR_PROCESSING' });
      const task = await open.client.startSync(open.tokenId, false);
      await eventually('the sync has met the outage', async () => {
        const { body } = await open.client.call('GET', `/sync/history?token_id=${open.tokenId}`);
        return (body['syncs'] as { task_id: string; sync_status: string }[]).some((run) => run.task_id === task && run.sync_status === 'FAILED');
      });
      await useIt(open, 'FV/1');
      expect(await open.client.taskStatus(task)).toBe('PENDING');
      await open.world.sandbox.open(undefined);
      await synced(open.client, task);
      expect(await isListed(open, arrived)).toBe(true);
    },
    TIMEOUT_MS,
  );
});

if (queueBackends.includes('redis'))
  describe('while Redis is down', () => {
    it(
      'orders are read and flags written all the same, and the sync that was asked for meanwhile heals by itself',
      async () => {
        const port = await freePort();
        redis = await startTestRedis(port);
        const open = await setStage({ REDIS_URL: `redis://127.0.0.1:${String(port)}` });
        await redis?.stop();
        const [arrived = ''] = open.world.sandbox.createOrders({ count: 1, status: 'READY_FOR_PROCESSING' });
        const task = await open.client.startSync(open.tokenId, false);
        await useIt(open, 'FV/1');
        expect(await open.client.taskStatus(task)).toBe('PENDING');
        redis = await startTestRedis(port);
        await synced(open.client, task);
        expect(await isListed(open, arrived)).toBe(true);
      },
      TIMEOUT_MS,
    );
  });
