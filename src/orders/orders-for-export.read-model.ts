import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import { filterOf } from './list-request.js';
import { orderJson } from './order-json.js';
import { leadOf } from './order-counts.js';
import { OrderCountsReadModel } from './order-counts.read-model.js';
import { pageQuery } from './order-list-query.js';
import { ORDER_VIEW, ORDER_VIEW_TABLES, orderViewOf, type OrderViewRow } from './order-view-row.js';
import type { OrderPageQuery } from './orders.dto.js';

/** What the list can be filtered and sorted by. */
export type ExportFilter = Omit<OrderPageQuery, 'token_id' | 'limit' | 'offset' | 'cursor' | 'fields'>;

/** Orders chosen at one instant: their stream ids in the order of the list, 8 bytes each. */
export interface ExportMembers {
  readonly ids: Buffer;
  readonly takenAt: Date;
}

/** An order of an export as the list answers it. */
export interface ExportedOrder {
  readonly orderId: string;
  /** JSON text of an object. */
  readonly json: string;
}

/** More than an account will ever have: an export has no pages. */
const ALL = 2_147_483_647;
/** Ids of 128 orders: as one value, those of a million would be in memory four times over while they arrive. */
const IDS_PART_BYTES = 1_024;

/** The orders of an account for whoever copies many of them; past the cache of the list, which thousands of orders would empty. */
@Injectable()
export class OrdersForExport {
  constructor(
    private readonly database: Database,
    private readonly counts: OrderCountsReadModel,
  ) {}

  /** One statement and so one instant: who pages through a list that moves misses what moved past him. */
  async members(accountId: string, filter: ExportFilter): Promise<ExportMembers> {
    const asked = filterOf({ limit: 1, offset: 0, token_id: '', ...filter });
    const lead = leadOf(asked, await this.counts.of(accountId, asked));
    const { sql, params } = pageQuery(accountId, asked, { limit: ALL, offset: 0, sort: filter.sort ?? 'bought', lead });
    const parts = await this.database.query<{ ids: Buffer; takenAt: Date }>(
      `with chosen as materialized (select coalesce(string_agg(int8send(stream_id), ''::bytea), ''::bytea) as ids from (${sql}) members)
       select substring(ids from place for ${String(IDS_PART_BYTES)}) as ids, statement_timestamp() as "takenAt"
       from chosen, generate_series(1, greatest(length(ids), 1), ${String(IDS_PART_BYTES)}) place order by place`,
      params,
    );
    if (!parts[0]) throw new Error('not even an empty part was answered');
    return { ids: Buffer.concat(parts.map(({ ids }) => ids)), takenAt: parts[0].takenAt };
  }

  /**
   * The orders of these streams as they are now, in the order given; each is read whole, by one statement.
   * @throws when one is missing: an export with a hole must not look complete
   */
  async read(streamIds: readonly string[], tokenId: string): Promise<ExportedOrder[]> {
    const rows = await this.database.query<OrderViewRow>(
      `select ${ORDER_VIEW} from unnest($1::bigint[]) with ordinality as asked (stream_id, place) join ${ORDER_VIEW_TABLES} order by asked.place`,
      [streamIds],
    );
    if (rows.length !== streamIds.length) throw new Error(`${String(streamIds.length - rows.length)} orders of an export are not there any more`);
    return rows.map((row) => ({ orderId: row.orderId, json: orderJson(orderViewOf(row), tokenId) }));
  }
}
