import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import { FEED_START, type FeedPosition } from '../platform/event-log/feed.js';
import type { Seal, SealedEntry, SealPart } from './seal-record.js';

type SealRow = Omit<Seal, 'from' | 'to'> & { readonly fromPlace: FeedPosition; readonly toPlace: FeedPosition };

/** A share with the seal it belongs to; `leaves` only where they were asked for. */
export interface StoredPart extends SealPart {
  readonly number: string;
}

const place = (name: string) => `json_build_object('epoch', ${name}_epoch, 'xid', ${name}_xid::text, 'seq', ${name}_seq::text)`;
const COLUMNS = `number, ${place('from')} as "fromPlace", ${place('to')} as "toPlace", events, previous_root as "previousRoot", root, signature,
  key_id as "keyId", sealed_at as "sealedAt"`;

function sealOf({ fromPlace, toPlace, ...seal }: SealRow): Seal {
  return { ...seal, from: fromPlace, to: toPlace };
}

/** The seals as stored, and the stretches of the log they cover. */
@Injectable()
export class SealsReadModel {
  constructor(@Inject(Database) private readonly database: Pick<Database, 'query'>) {}

  /** The newest seal; null before the first. */
  async last(): Promise<Seal | null> {
    const [row] = await this.database.query<SealRow>(`select ${COLUMNS} from event_log.seals order by number desc limit 1`);
    return row ? sealOf(row) : null;
  }

  /** The seals behind that number, oldest first. */
  async page(afterNumber: string, limit: number): Promise<Seal[]> {
    const rows = await this.database.query<SealRow>(`select ${COLUMNS} from event_log.seals where seals.number > $1 order by seals.number limit $2`, [
      afterNumber,
      limit,
    ]);
    return rows.map(sealOf);
  }

  /** The shares of these seals in the order of their accounts; leaves of all accounts or of the given one alone. */
  async parts(numbers: readonly string[], accountId: string | null): Promise<StoredPart[]> {
    return this.database.query<StoredPart>(
      `select number, account_id as "accountId", events, digest, case when $2::bigint is null or account_id = $2 then leaves end as leaves
       from event_log.seal_parts where number = any ($1::bigint[]) order by seal_parts.number, seal_parts.account_id`,
      [numbers, accountId],
    );
  }

  /** The events the log holds in a stretch of the feed, in feed order. */
  async entries({ from, to }: Pick<Seal, 'from' | 'to'>, accountId: string | null): Promise<SealedEntry[]> {
    return this.database.query<SealedEntry>(
      `select epoch, xid::text as xid, seq, stream_id as "streamId", version, account_id as "accountId", hash from event_log.order_events
       where (epoch, xid, seq) > ($1, $2::xid8, $3) and (epoch, xid, seq) <= ($4, $5::xid8, $6) and ($7::bigint is null or account_id = $7)
       order by order_events.epoch, order_events.xid, seq`,
      [from.epoch, from.xid, from.seq, to.epoch, to.xid, to.seq, accountId],
    );
  }

  /** How many events no seal covers yet (counted up to a bound), and the age of the oldest of them in seconds. */
  async unsealed(): Promise<{ events: number; ageSeconds: number }> {
    const after = (await this.last())?.to ?? FEED_START;
    const [row] = await this.database.query<{ events: number; ageSeconds: number }>(
      `select count(*)::float8 as events, greatest(0, coalesce(extract(epoch from now() - min(recorded_at)), 0))::float8 as "ageSeconds"
       from (select recorded_at from event_log.order_events where (epoch, xid, seq) > ($1, $2::xid8, $3)
             order by epoch, xid, seq limit 10000) waiting`,
      [after.epoch, after.xid, after.seq],
    );
    return row ?? { events: 0, ageSeconds: 0 };
  }

  /** The orders behind streams, where the log still knows them. */
  async orderIds(streamIds: readonly string[]): Promise<Map<string, string>> {
    if (streamIds.length === 0) return new Map();
    const rows = await this.database.query<{ streamId: string; orderId: string }>(
      `select stream_id as "streamId", order_id as "orderId" from event_log.streams where stream_id = any ($1::bigint[])`,
      [streamIds],
    );
    return new Map(rows.map((row) => [row.streamId, row.orderId]));
  }
}
