import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Database } from '../platform/database/database.js';
import { HoldersOfCopies } from '../platform/erasure/holders-of-copies.js';
import { orderJson } from './order-json.js';
import { ORDER_VIEW, ORDER_VIEW_TABLES, orderViewOf, type OrderViewRow } from './order-view-row.js';

/** An order and the versions of the rows it is answered from. */
export interface OrderState {
  readonly streamId: string;
  readonly stamp: string;
}

/** An order as answered. */
export interface RenderedOrder extends OrderState {
  /** JSON of an object, UTF-8. */
  readonly json: Buffer;
}

type StateRow = OrderViewRow & { readonly stamp: string };

/** Changes whenever one of the order's rows is written, by whatever: a version of ours could be forgotten by a repair. */
export const ORDER_STAMP = `concat_ws('.', o.xmin, d.xmin, f.xmin)`;

/** The rows of the streams `$1`, as {@link OrderViewRow} with their stamp. */
export const ORDERS_TO_RENDER = `select ${ORDER_VIEW}, ${ORDER_STAMP} as stamp from unnest($1::bigint[]) as asked (stream_id) join ${ORDER_VIEW_TABLES}`;

/** About 10,000 orders: what the frontends of some hundred sellers look at all day. */
const MOST_BYTES = 64 * 1024 * 1024;
/** Beside its bytes, an entry costs its key and its place. */
const ENTRY_BYTES = 300;
/** As long as another process may still hold what an erasure took away; it answers none of it, for the rows have other versions. */
const KEPT_MS = 60_000;

/** Orders as answered, kept by the versions of their rows: a changed order is another entry, so none has to be found and dropped. */
@Injectable()
export class RenderedOrders {
  private readonly kept = new LRUCache<string, Buffer>({ maxSize: MOST_BYTES, ttl: KEPT_MS, sizeCalculation: (json) => json.length + ENTRY_BYTES });

  constructor(
    private readonly database: Database,
    copies: HoldersOfCopies,
  ) {
    copies.register({ name: 'rendered orders', forget: () => Promise.resolve(this.clear()) });
  }

  /** The orders of the states given, in their order; the caller has found them in an account of its tenant. */
  async of(states: readonly OrderState[], tokenId: string): Promise<RenderedOrder[]> {
    const found = new Map<string, RenderedOrder>();
    for (const state of states) {
      const json = this.kept.get(keyOf(state, tokenId));
      if (json) found.set(state.streamId, { ...state, json });
    }
    const missing = states.filter(({ streamId }) => !found.has(streamId)).map(({ streamId }) => streamId);
    for (const rendered of await this.render(missing, tokenId)) found.set(rendered.streamId, rendered);
    return states.flatMap(({ streamId }) => found.get(streamId) ?? []);
  }

  /** The orders of the streams named, in their order. */
  async ofStreams(streamIds: readonly string[], tokenId: string): Promise<RenderedOrder[]> {
    const states = await this.database.query<OrderState>(
      `select stream_id as "streamId", ${ORDER_STAMP} as stamp from unnest($1::bigint[]) with ordinality as asked (stream_id, place) join ${ORDER_VIEW_TABLES}
       order by place`,
      [streamIds],
    );
    return this.of(states, tokenId);
  }

  private async render(streamIds: readonly string[], tokenId: string): Promise<RenderedOrder[]> {
    if (streamIds.length === 0) return [];
    const rows = await this.database.query<StateRow>(ORDERS_TO_RENDER, [streamIds]);
    return rows.map(({ stamp, ...row }) => {
      const rendered = { streamId: row.streamId, stamp, json: Buffer.from(orderJson(orderViewOf(row), tokenId)) };
      this.kept.set(keyOf(rendered, tokenId), rendered.json);
      return rendered;
    });
  }

  private clear(): number {
    const copies = this.kept.size;
    this.kept.clear();
    return copies;
  }
}

const keyOf = ({ streamId, stamp }: OrderState, tokenId: string) => `${streamId} ${stamp} ${tokenId}`;
