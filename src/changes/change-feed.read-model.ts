import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import type { FeedPosition } from '../platform/event-log/feed.js';
import { belowHorizon } from '../platform/event-log/horizon.js';
import { cursorExpired } from './changes.errors.js';

/** One announcement: what changed where, by ids and paths alone. */
export interface Change extends FeedPosition {
  readonly accountId: string;
  /** The token that leads the account now; null when none does. */
  readonly tokenId: string | null;
  /** Empty for what concerns the account itself. */
  readonly orderId: string;
  readonly version: number;
  readonly topics: readonly string[];
  readonly changed: readonly string[];
  readonly announcedAt: Date;
}

/** Before the oldest change kept, whichever that is: who begins here was promised nothing that could be lost. */
export const OLDEST_KEPT: FeedPosition = { epoch: -1, xid: '0', seq: '0' };

const BELOW_HORIZON = belowHorizon('o');

@Injectable()
export class ChangeFeed {
  constructor(private readonly database: Database) {}

  async accountsOf(tenantId: string): Promise<string[]> {
    const rows = await this.database.query<{ id: string }>('select id from accounts where tenant_id = $1 order by id', [tenantId]);
    return rows.map(({ id }) => id);
  }

  /**
   * The next changes of these accounts behind `after`; fewer than `limit` means that there are no more now.
   * @throws Problem FEED_CURSOR_EXPIRED (410) when changes behind `after` aged out: seen by the same snapshot that reads
   */
  async read(accountIds: readonly string[], after: FeedPosition, limit: number): Promise<Change[]> {
    const rows = await this.database.query<Change | { readonly isLost: boolean; readonly epoch: null }>(
      `select cut."isLost", o.epoch, o.xid::text as xid, o.seq, o.account_id as "accountId", o."tokenId", o.order_id as "orderId", o.version, o.topics,
         o.changed, o.announced_at as "announcedAt"
       from (select exists (select from change_cuts c where c.account_id = any ($1::bigint[]) and $2 >= 0 and (c.epoch, c.xid, c.seq) > ($2, $3::xid8, $4)) as "isLost") cut
       left join lateral (
         select o.*, a.lead_token_id as "tokenId" from unnest($1::bigint[]) as asked (id) cross join lateral (
           select * from event_log.outbox o where o.account_id = asked.id and (o.epoch, o.xid, o.seq) > ($2, $3::xid8, $4) and ${BELOW_HORIZON}
           order by o.epoch, o.xid, o.seq limit $5) o
         left join accounts a on a.id = o.account_id
         order by o.epoch, o.xid, o.seq limit $5) o on true
       order by o.epoch, o.xid, o.seq`,
      [accountIds, after.epoch, after.xid, after.seq, limit],
    );
    if (rows.some((row) => 'isLost' in row && row.isLost)) throw cursorExpired();
    return rows.filter((row): row is Change => row.epoch !== null);
  }

  /** The place before everything that is still to come. */
  async now(): Promise<FeedPosition> {
    const [row] = await this.database.query<FeedPosition>(
      `select coalesce(max(epoch), 0) as epoch, pg_snapshot_xmin(pg_current_snapshot())::text as xid, '0' as seq from event_log.epochs`,
    );
    if (!row) throw new Error('the database named no snapshot');
    return row;
  }

  /** Which accounts have news behind `after`, and how far the feed reached. */
  async news(after: FeedPosition): Promise<{ accountIds: string[]; reached: FeedPosition }> {
    const rows = await this.database.query<FeedPosition & { accountId: string }>(
      `select o.epoch, o.xid::text as xid, o.seq, o.account_id as "accountId" from event_log.outbox o
       where (o.epoch, o.xid, o.seq) > ($1, $2::xid8, $3) and ${BELOW_HORIZON} order by o.epoch, o.xid, o.seq limit 1000`,
      [after.epoch, after.xid, after.seq],
    );
    return { accountIds: [...new Set(rows.map(({ accountId }) => accountId))], reached: rows.at(-1) ?? after };
  }
}
