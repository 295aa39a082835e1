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

/** Changes behind a place. */
export interface ChangePage {
  readonly changes: readonly Change[];
  /** The place behind everything there was: that of the last change, or the horizon when there was none. */
  readonly reached: FeedPosition;
}

interface PageHead {
  readonly isLost: boolean;
  readonly horizonEpoch: number;
  readonly horizonXid: string;
}

/** Everything below this transaction is told; 0 comes before each of its changes. */
const HORIZON = `select coalesce(max(epoch), 0) as "horizonEpoch", pg_snapshot_xmin(pg_current_snapshot())::text as "horizonXid" from event_log.epochs`;

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
  async read(accountIds: readonly string[], after: FeedPosition, limit: number): Promise<ChangePage> {
    const rows = await this.database.query<PageHead & (Change | { readonly epoch: null })>(
      `select cut."isLost", h."horizonEpoch", h."horizonXid", o.epoch, o.xid::text as xid, o.seq, o.account_id as "accountId", o."tokenId", o.order_id as "orderId", o.version, o.topics,
         o.changed, o.announced_at as "announcedAt"
       from (select exists (select from change_cuts c where c.account_id = any ($1::bigint[]) and $2 >= 0 and (c.epoch, c.xid, c.seq) > ($2, $3::xid8, $4)) as "isLost") cut
       cross join (${HORIZON}) h
       left join lateral (
         select o.*, a.lead_token_id as "tokenId" from unnest($1::bigint[]) as asked (id) cross join lateral (
           select * from event_log.outbox o where o.account_id = asked.id and (o.epoch, o.xid, o.seq) > ($2, $3::xid8, $4) and ${BELOW_HORIZON}
           order by o.epoch, o.xid, o.seq limit $5) o
         left join accounts a on a.id = o.account_id
         order by o.epoch, o.xid, o.seq limit $5) o on true
       order by o.epoch, o.xid, o.seq`,
      [accountIds, after.epoch, after.xid, after.seq, limit],
    );
    const [head] = rows;
    if (!head) throw new Error('the feed answered no row');
    if (head.isLost) throw cursorExpired();
    const changes = rows.flatMap((row) => (row.epoch === null ? [] : [changeOf(row)]));
    return { changes, reached: changes.at(-1) ?? { epoch: head.horizonEpoch, xid: head.horizonXid, seq: '0' } };
  }

  /** The place before everything that is still to come. */
  async now(): Promise<FeedPosition> {
    const [row] = await this.database.query<Omit<PageHead, 'isLost'>>(HORIZON);
    if (!row) throw new Error('the database named no snapshot');
    return { epoch: row.horizonEpoch, xid: row.horizonXid, seq: '0' };
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

function changeOf({ isLost: _isLost, horizonEpoch: _epoch, horizonXid: _xid, ...change }: PageHead & Change): Change {
  return change;
}
