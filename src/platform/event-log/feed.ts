import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { belowHorizon } from './horizon.js';

/** A place in the feed of all events. Transaction ids hold for one cluster only, hence the epoch. */
export interface FeedPosition {
  readonly epoch: number;
  readonly xid: string;
  readonly seq: string;
}

export interface FeedEntry extends FeedPosition {
  readonly streamId: string;
  readonly version: number;
  readonly accountId: string;
  readonly orderId: string;
  readonly type: string;
  readonly hash: Buffer;
}

export const FEED_START: FeedPosition = { epoch: 0, xid: '0', seq: '0' };

/**
 * Reads the log in an order that never changes and skips nothing: by (transaction id, sequence) below the oldest running
 * transaction. `seq > last` would lose what commits late (26 % of the events under 8 writers).
 */
@Injectable()
export class EventFeed {
  constructor(private readonly database: Database) {}

  /** The next entries behind `after`; fewer than `limit` means the horizon is reached. */
  async read(after: FeedPosition, limit: number): Promise<FeedEntry[]> {
    return this.database.query<FeedEntry>(
      `select epoch, xid::text as xid, seq, stream_id as "streamId", version, account_id as "accountId", order_id as "orderId", type, hash
       from event_log.order_events
       where (epoch, xid, seq) > ($1, $2::xid8, $3)
         and ${belowHorizon('order_events')}
       order by order_events.epoch, order_events.xid, seq limit $4`,
      [after.epoch, after.xid, after.seq, limit],
    );
  }

  /** Seconds since the oldest transaction that holds the feed back began; 0 when none does. Alert when it grows. */
  async horizonAgeSeconds(): Promise<number> {
    const [row] = await this.database.query<{ seconds: number }>(
      `select coalesce(max(extract(epoch from now() - xact_start)), 0)::float8 as seconds from pg_stat_activity where backend_xid is not null`,
    );
    return row?.seconds ?? 0;
  }
}
