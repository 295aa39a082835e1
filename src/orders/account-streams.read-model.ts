import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';

/** Index rows looked at for one page: 2,000 take some milliseconds, and bound the page of an account whose past is small. */
const MOST_SCANNED = 2_000;

/** Which orders of an account, by when the log knew them. */
export interface StreamFilter {
  /** Only orders the log knew at this instant. */
  readonly knownAt: Date;
  /** Only orders something was recorded of after this instant; null: all. */
  readonly changedAfter: Date | null;
}

/** Orders in the order of their ids. */
export interface StreamPage {
  readonly orderIds: readonly string[];
  /** Where the next page begins; null when there is none. It may be set where this page is short, or empty. */
  readonly next: string | null;
}

/** The last event of an order's stream. */
export interface StreamHead {
  readonly orderId: string;
  readonly streamId: string;
  readonly version: number;
  readonly tipHash: Buffer;
}

/** The streams of an account, from the log itself: what lists hold is of the present only. */
@Injectable()
export class AccountStreams {
  constructor(private readonly database: Database) {}

  /** @param after id of the last order of the page before; '' for the first page */
  async page(accountId: string, { knownAt, changedAfter }: StreamFilter, { after, limit }: { after: string; limit: number }): Promise<StreamPage> {
    // The first event of each stream is looked up while the page fills, no further; OFFSET 0 keeps the planner from joining them all.
    const rows = await this.database.query<{ orderId: string }>(
      `select s.order_id as "orderId" from (
         select order_id, stream_id, recorded_at from event_log.streams where account_id = $1 and order_id > $2 order by order_id limit ${String(MOST_SCANNED)}) s
       cross join lateral (select recorded_at from event_log.order_events e where e.stream_id = s.stream_id and e.version = 1 offset 0) born
       where born.recorded_at <= $3 and ($4::timestamptz is null or s.recorded_at > $4) order by s.order_id limit $5`,
      [accountId, after, knownAt, changedAfter, limit],
    );
    const orderIds = rows.map(({ orderId }) => orderId);
    return { orderIds, next: orderIds.length === limit ? (orderIds.at(-1) ?? null) : await this.endOfScan(accountId, after) };
  }

  /** The last stream a page looked at, where it did not look at all of them. */
  private async endOfScan(accountId: string, after: string): Promise<string | null> {
    const [row] = await this.database.query<{ orderId: string }>(
      `select order_id as "orderId" from event_log.streams where account_id = $1 and order_id > $2 order by order_id offset ${String(MOST_SCANNED - 1)} limit 1`,
      [accountId, after],
    );
    return row?.orderId ?? null;
  }

  /** The heads of those of the orders the log knows. */
  async heads(accountId: string, orderIds: readonly string[]): Promise<Map<string, StreamHead>> {
    const rows = await this.database.query<StreamHead>(
      `select order_id as "orderId", stream_id as "streamId", version, tip_hash as "tipHash" from event_log.streams where account_id = $1 and order_id = any ($2)`,
      [accountId, orderIds],
    );
    return new Map(rows.map((row) => [row.orderId, row]));
  }
}
