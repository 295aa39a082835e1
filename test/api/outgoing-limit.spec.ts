import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { bearer, tokenOf } from '../support/access-tokens.js';
import { Service } from '../support/service.js';
import { type TokenWorld, tokenWorld } from '../support/token-app.js';

const LIMIT = 5;
const ID = '00000000-0000-4000-8000-000000000000';
/** Every call that asks Allegro or sends something. */
const OUTGOING = [
  `/orders/${ID}/sync`,
  '/sync/start',
  '/sync/sweep',
  '/sync/activate',
  '/sync/tasks/retry',
  `/sync/tasks/${ID}/retry`,
  '/failed-orders/retry',
  `/failed-orders/${ID}/retry`,
  '/tokens',
  `/tokens/${ID}/refresh`,
  `/tokens/${ID}/validate`,
  '/tokens/refresh-expiring',
  '/tokens/auth/initialize',
  `/webhooks/${ID}/ping`,
  `/webhooks/${ID}/replay`,
  `/webhooks/${ID}/deliveries/msg_0/replay`,
];

let world: TokenWorld;
let limited: Service;
let open: Service;
let tokenId: string;
let orderIds: string[];

beforeAll(async () => {
  world = await tokenWorld({ orders: 30, latencyMs: 20 });
  open = await Service.start(world);
  limited = await Service.start(world, { env: { OUTGOING_PER_MINUTE: String(LIMIT) } });
  ({ tokenId } = await open.connect());
  orderIds = world.sandbox.orders(world.sandbox.sellers()[0]?.id).map((order) => String(order['id']));
});
afterAll(async () => {
  await limited.stop();
  await open.stop();
  await world.release();
});

const post = (service: Service, path: string, tenant = 'tenant-a') =>
  service.app.inject({
    method: 'POST',
    url: `/api/v1${path}`,
    headers: { ...bearer(tokenOf(tenant, { roles: ['seller', 'operator'] })), 'content-type': 'application/json' },
    payload: '{}',
  });
const formsAsked = () => Object.values(world.sandbox.stats().routes['GET /order/checkout-forms/{id}'] ?? {}).reduce((sum, count) => sum + count, 0);

it('a hammered refresh reaches Allegro as often as the limit says, and the rest is told when to come back', async () => {
  world.sandbox.resetStats();
  const answers = await Promise.all(orderIds.slice(0, 30).map((id) => post(limited, `/orders/${id}/sync?token_id=${tokenId}`)));
  const refused = answers.filter(({ statusCode }) => statusCode === 429);
  expect([answers.filter(({ statusCode }) => statusCode === 200).length, refused.length]).toEqual([LIMIT, orderIds.slice(0, 30).length - LIMIT]);
  expect(formsAsked()).toBe(LIMIT);
  expect(refused[0]?.json()).toMatchObject({ code: 'RATE_LIMITED', 'violated-policies': ['outgoing'] });
  expect(Number(refused[0]?.headers['retry-after'])).toBeGreaterThan(0);
  expect(refused[0]?.headers).toMatchObject({ 'ratelimit-policy': `"outgoing";q=${String(LIMIT)};w=60`, 'x-ratelimit-remaining': '0' });
});

it.each(OUTGOING)('POST %s is counted, whatever it asks for', async (path) => {
  expect((await post(limited, path)).statusCode).toBe(429);
});

it('reads of that tenant, and the calls of another one, go on', async () => {
  const read = await limited.app.inject({ url: `/api/v1/orders?token_id=${tokenId}`, headers: bearer(tokenOf('tenant-a')) });
  expect([read.statusCode, read.headers['ratelimit']]).toEqual([200, undefined]);
  expect((await post(limited, `/orders/${ID}/sync?token_id=${ID}`, 'tenant-b')).statusCode).toBe(404);
});

it('shows both limits where both count, and counts nothing on the narrower one that the wider one refuses', async () => {
  const both = await Service.start(world, { env: { OUTGOING_PER_MINUTE: '9', RATE_LIMIT_PER_MINUTE: '2' } });
  const answers = [await post(both, '/sync/tasks/retry'), await post(both, '/sync/tasks/retry'), await post(both, '/sync/tasks/retry')];
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 429]);
  expect(answers.map(({ headers }) => String(headers['ratelimit']).replaceAll(/t=\d+/g, 't'))).toEqual([
    '"tenant";r=1;t, "outgoing";r=8;t',
    '"tenant";r=0;t, "outgoing";r=7;t',
    '"tenant";r=0;t',
  ]);
  await both.stop();
});

it('reads one order once at a time, however many ask for it: they share the reading after the one that runs', async () => {
  world.sandbox.resetStats();
  const answers = await Promise.all(Array.from({ length: 25 }, () => post(open, `/orders/${orderIds[0] ?? ''}/sync?token_id=${tokenId}`)));
  expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([200]));
  expect(formsAsked()).toBe(2);
  expect(world.sandbox.stats().concurrentMaximum).toBe(1);
});

it('a force-sync, a sweep and a test event that wait are not made again', async () => {
  const webhook = await open.call('POST', '/webhooks', { url: 'https://hooks.example.com/orders' });
  const ping = `/webhooks/${String(webhook.body['id'])}/ping`;
  const body = { token_id: tokenId };
  const asked = await Promise.all(
    Array.from({ length: 10 }, async () => [
      (await open.call('POST', '/sync/start', { ...body, force_full_sync: true })).body['task_id'],
      (await open.call('POST', '/sync/sweep', body)).body['task_id'],
      (await open.call('POST', ping, {})).body['message_id'],
    ]),
  );
  expect(new Set(asked.map((ids) => ids.join(' '))).size).toBe(1);
  expect(asked[0]).toEqual([expect.any(String), expect.any(String), expect.any(String)]);
});
