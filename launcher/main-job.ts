import { isDeepStrictEqual } from 'node:util';
import { orderCount, startSync, syncEnd } from './demo-sync.js';
import { type Answer, type HttpApi, until } from './http-api.js';
import { linkDemoSeller } from './link-demo-seller.js';

export interface CoarseSync {
  readonly orders: number;
  /** When the first order could be read. */
  readonly firstOrderAtMs: number;
}

const FIRST_ORDER_WITHIN_MS = 60_000;

/** What the service is for, seen from outside: every step goes through HTTP and checks what it got. */
export class MainJob {
  #tokenId = '';

  constructor(
    private readonly service: HttpApi,
    private readonly sandbox: HttpApi,
  ) {}

  async link(): Promise<void> {
    this.#tokenId = await linkDemoSeller(this.service, this.sandbox, 'smoke-shop');
  }

  /** Everything the shop has, read form by form; compared by id with the shop's own list. */
  async coarseSync(): Promise<CoarseSync> {
    const task = await startSync(this.service, this.#tokenId, { full: true });
    await until('The first synced order', FIRST_ORDER_WITHIN_MS, async () => ((await orderCount(this.service, this.#tokenId)) > 0 ? true : null));
    const firstOrderAtMs = Date.now();
    await syncEnd(this.service, task);
    const { ids } = await this.sandbox.get('/_sandbox/orders?ids=1');
    const orders = await orderCount(this.service, this.#tokenId);
    expectEqual('orders after the coarse sync', orders, (ids as string[]).length);
    return { orders, firstOrderAtMs };
  }

  /** A new order of the shop arrives through the journal of events; answers its id. */
  async incrementalSync(): Promise<string> {
    const { ids } = await this.sandbox.post('/_sandbox/orders', { count: 1, kind: 'ready', status: 'READY_FOR_PROCESSING' });
    const [orderId] = ids as string[];
    if (orderId === undefined) throw new Error('the sandbox made no order');
    await syncEnd(this.service, await startSync(this.service, this.#tokenId, { full: false }));
    expectEqual('status of the new order', (await this.order(orderId))['status'], 'READY_FOR_PROCESSING');
    return orderId;
  }

  async filterByFlags(orderId: string): Promise<void> {
    expectEqual('the new order is listed without the stock flag', (await this.listedIds('stock_updated=false')).includes(orderId), true);
    expectEqual('orders with the stock flag', await this.listedIds('stock_updated=true'), []);
  }

  /** Sees the order, then changes flag and order, and asks for what was known before. */
  async rebuildEarlier(orderId: string): Promise<{ asOf: string; equal: true }> {
    const seen = await this.order(orderId);
    const asOf = new Date().toISOString();
    await this.service.patch(`/api/v1/orders/${orderId}/stock-status?token_id=${this.#tokenId}`, { is_stock_updated: true });
    expectEqual('orders with the stock flag', await this.listedIds('stock_updated=true'), [orderId]);
    await this.sandbox.post(`/_sandbox/orders/${orderId}/changes`, { kind: 'fulfil', status: 'PROCESSING' });
    await syncEnd(this.service, await startSync(this.service, this.#tokenId, { full: false }));
    const now = await this.order(orderId);
    if (isDeepStrictEqual(now, seen)) throw new Error('neither flag nor order changed');
    expectEqual(`the order as of ${asOf}`, await this.order(orderId, `&as_of=${asOf}`), seen);
    return { asOf, equal: true };
  }

  async verifyChain(): Promise<Answer> {
    const { verified, events, streams } = await this.service.post(`/api/v1/integrity/verify?token_id=${this.#tokenId}`);
    expectEqual('the chain verified', verified, true);
    return { verified, events, streams };
  }

  private async order(orderId: string, asOf = ''): Promise<Answer> {
    const { order } = await this.service.get(`/api/v1/orders/${orderId}?token_id=${this.#tokenId}${asOf}`);
    return order as Answer;
  }

  private async listedIds(filter: string): Promise<string[]> {
    const { orders } = await this.service.get(`/api/v1/orders/?token_id=${this.#tokenId}&${filter}`);
    return (orders as { id: string }[]).map(({ id }) => id);
  }
}

function expectEqual(what: string, actual: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(actual, expected)) throw new Error(`${what}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`);
}
