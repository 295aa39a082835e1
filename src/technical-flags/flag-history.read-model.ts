import { Injectable } from '@nestjs/common';
import type { JsonObject } from '../core/json.js';
import { Database } from '../platform/database/database.js';
import { INVOICE_SET, STOCK_SET } from './flags.events.js';

/** One change of a flag as the log has it; `from` is null for the first of its kind. */
export interface RecordedFlagChange {
  readonly version: number;
  readonly type: string;
  readonly recordedAt: Date;
  readonly actor: string;
  readonly from: JsonObject | null;
  readonly to: JsonObject;
}

export interface FlagHistoryPage {
  readonly replacedBy: string | null;
  readonly changes: readonly RecordedFlagChange[];
}

const PAGE = `select version, type, recorded_at as "recordedAt", actor, prior as "from", payload as "to" from (
    select e.version, e.type, e.recorded_at, e.actor, e.payload, lag(e.payload) over (partition by e.type order by e.version) as prior
    from event_log.order_events e where e.stream_id = $1 and e.type in ('${STOCK_SET}', '${INVOICE_SET}')) as changes
  where version < $2 order by version desc limit $3`;

/** Who changed the flags of an order, when, from what to what: read from the log. */
@Injectable()
export class FlagHistory {
  constructor(private readonly database: Database) {}

  /** @returns changes before a version, newest first; null when the account has no such order */
  async page(accountId: string, orderId: string, { before, limit }: { before: number; limit: number }): Promise<FlagHistoryPage | null> {
    const [order] = await this.database.query<{ streamId: string; replacedBy: string | null }>(
      `select s.stream_id as "streamId", o.merged_into as "replacedBy" from event_log.streams s join order_technical_flags f using (stream_id)
         left join orders o using (stream_id) where s.account_id = $1 and s.order_id = $2`,
      [accountId, orderId],
    );
    if (!order) return null;
    const changes = await this.database.query<RecordedFlagChange>(PAGE, [order.streamId, before, limit]);
    return { replacedBy: order.replacedBy, changes };
  }
}
