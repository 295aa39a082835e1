import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { invoiceOrders } from '../../client/examples/invoice-orders.js';
import { knownAccount, linkAccount } from '../../client/examples/link-account.js';
import { setStockFlag } from '../../client/examples/set-flag.js';
import {
  type Client,
  connect,
  createWebhook,
  everyOrder,
  followChanges,
  getOrder,
  listChanges,
  listOrders,
  listWebhooks,
  ServiceProblem,
  setStockStatus,
} from '../../client/src/index.js';
import { tokenOf } from '../support/access-tokens.js';
import { ServiceClient } from '../support/service-client.js';
import { eventually } from '../support/eventually.js';
import { Service } from '../support/service.js';
import { type TokenWorld, tokenWorld } from '../support/token-app.js';

let world: TokenWorld;
let service: Service;
let baseUrl: string;
let client: Client;
let tokenId: string;

beforeAll(async () => {
  world = await tokenWorld({ orders: 12 });
  service = await Service.start(world, { role: 'all' });
  await service.app.listen(0, '127.0.0.1');
  baseUrl = await service.app.getUrl();
  client = connect({ baseUrl, token: tokenOf('tenant-a') });
});
afterAll(async () => {
  await service.stop();
  await world.release();
});

describe('the examples of the client package, against the running service', () => {
  it('connect an account by device code and find it again', async () => {
    expect(await knownAccount(client)).toBeNull();
    const shown: string[] = [];
    tokenId = await linkAccount(client, 'example-shop', (address, userCode) => {
      shown.push(address);
      world.sandbox.approve(userCode, world.sandbox.sellers()[0]?.id ?? '');
    });
    expect(shown).toEqual([expect.stringContaining('http')]);
    expect(await knownAccount(client)).toBe(tokenId);
    const seller = new ServiceClient(baseUrl);
    const task = await seller.startSync(tokenId, true);
    await eventually('the first sync ends', async () => ((await seller.taskStatus(task)) === 'SUCCESS' ? true : null));
  });

  it('invoice every order that waits for one, each once, with two workers side by side', async () => {
    const waiting: string[] = [];
    const query = { token_id: tokenId, order_status: 'READY_FOR_PROCESSING', invoice_created: false, limit: 2 };
    for await (const { allegro_order_id } of everyOrder(client, query)) waiting.push(allegro_order_id);
    expect(waiting.length).toBeGreaterThan(2);

    const work = () => invoiceOrders(client, tokenId, async ({ allegro_order_id }) => `FV/${allegro_order_id}`);
    const invoiced = (await Promise.all([work(), work()])).flat();
    expect(invoiced.map(({ orderId }) => orderId).sort()).toEqual([...waiting].sort());
    const { data } = await listOrders({ client, query: { token_id: tokenId, invoice_created: true } });
    expect(data.pagination.total).toBe(waiting.length);
  });

  it('set a flag only while it is as it was seen', async () => {
    const { data } = await listOrders({ client, query: { token_id: tokenId, limit: 1 } });
    const orderId = data.orders[0]?.allegro_order_id ?? '';
    const etag = await setStockFlag(client, tokenId, orderId);
    expect(etag).toMatch(/^"/);
    expect(await setStockFlag(client, tokenId, orderId, '"of-yesterday"')).toBeNull();
  });
});

describe('the client package', () => {
  it('follows the changes once and in order, over connections that break, from the place it was told', async () => {
    const { data } = await listOrders({ client, query: { token_id: tokenId } });
    const ids = data.orders.slice(1, 5).map(({ allegro_order_id }) => allegro_order_id);
    const { data: start } = await listChanges({ client, query: { token_id: tokenId, after: 'now' } });
    let connections = 0;
    /** Every stream breaks off behind its second piece. */
    const breaking = async (request: Request): Promise<Response> => {
      const response = await fetch(request);
      if (!request.url.includes('/stream') || response.body === null) return response;
      connections += 1;
      let pieces = 0;
      const cut = new TransformStream<Uint8Array, Uint8Array>({
        transform: (piece, out) => {
          out.enqueue(piece);
          if ((pieces += 1) === 2) out.terminate();
        },
      });
      return new Response(response.body.pipeThrough(cut), response);
    };
    const stop = new AbortController();
    const broken = connect({ baseUrl, token: tokenOf('tenant-a'), fetch: breaking });
    const followed = followChanges(broken, { tokenId, after: start.next, signal: stop.signal, waitMs: 20 });
    const told: { id: string; order_id: string | null }[] = [];
    for (const isStockUpdated of [true, false]) {
      for (const id of ids) {
        await setStockStatus({ client, path: { order_id: id }, query: { token_id: tokenId }, body: { is_stock_updated: isStockUpdated } });
        const next = await followed.next();
        if (next.done !== true) told.push(next.value);
      }
    }
    stop.abort();
    expect(told.map(({ order_id: id }) => id)).toEqual([...ids, ...ids]);
    expect(connections).toBeGreaterThan(2);
    expect(await followed.next()).toEqual({ done: true, value: undefined });

    const again = followChanges(client, { tokenId, after: told[2]?.id ?? '', signal: AbortSignal.timeout(20_000) });
    expect((await again.next()).value).toEqual(told[3]);
    await again.return();
  });

  it('ends following where the service refuses for good', async () => {
    const followed = followChanges(client, { tokenId, after: 'no-cursor', signal: AbortSignal.timeout(20_000) });
    await expect(followed.next()).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
  });

  it('throws a refusal as a ServiceProblem with its code, its fields and the id of the request', async () => {
    const refused = await getOrder({ client, path: { order_id: 'unheard-of' }, query: { token_id: tokenId } }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ServiceProblem);
    expect(refused).toMatchObject({ status: 404, code: 'ORDER_NOT_FOUND', requestId: expect.stringMatching(/./) });
    const invalid = await listOrders({ client, query: { token_id: 'none' } }).catch((error: unknown) => error);
    expect(invalid).toMatchObject({ status: 422, code: 'VALIDATION_FAILED', errors: [{ field: 'token_id' }] });
  });

  it('asks for its token anew with every call, and says who refuses when nobody answers', async () => {
    const asked: string[] = [];
    const renewing = connect({ baseUrl, token: () => (asked.push('asked'), tokenOf('tenant-a')) });
    await listWebhooks({ client: renewing });
    await listWebhooks({ client: renewing });
    expect(asked).toHaveLength(2);
    const nobody = connect({ baseUrl: 'http://127.0.0.1:1', token: 'none' });
    await expect(listWebhooks({ client: nobody })).rejects.toThrow(/fetch failed/);
  });

  it('repeats what was refused for the moment, with the key of the first try, so that it happens once', async () => {
    const keys: (string | null)[] = [];
    /** The answer to the first try is lost on its way, and the second try meets a limit. */
    const unsteady = async (request: Request): Promise<Response> => {
      keys.push(request.headers.get('idempotency-key'));
      if (keys.length === 1) await fetch(request);
      return keys.length < 3 ? new Response('{}', { status: keys.length === 1 ? 503 : 429, headers: { 'retry-after': '0' } }) : fetch(request);
    };
    const patient = connect({ baseUrl, token: tokenOf('tenant-a'), fetch: unsteady });
    const { data, response } = await createWebhook({ client: patient, body: { url: 'https://hooks.example.com/orders' } });
    expect(response.headers.get('idempotency-replayed')).toBe('true');
    expect(new Set(keys).size).toBe(1);
    expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
    expect((await listWebhooks({ client })).data.webhooks.map(({ id }) => id)).toEqual([data.id]);
  });

  it('hands a refusal on when its tries are used up, or the wait would be longer than it may be', async () => {
    let sent = 0;
    const limited = async (): Promise<Response> => {
      sent += 1;
      return new Response(JSON.stringify({ code: 'RATE_LIMITED', detail: 'enough' }), { status: 429, headers: { 'retry-after': sent > 3 ? '900' : '0' } });
    };
    const tries = listWebhooks({ client: connect({ baseUrl, token: 'any', fetch: limited, tries: 3 }) });
    await expect(tries).rejects.toMatchObject({ code: 'RATE_LIMITED', retryAfterSeconds: 0 });
    expect(sent).toBe(3);
    await expect(listWebhooks({ client: connect({ baseUrl, token: 'any', fetch: limited }) })).rejects.toMatchObject({ retryAfterSeconds: 900 });
    expect(sent).toBe(4);
  });
});
