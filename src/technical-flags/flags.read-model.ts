import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import type { FlagsState } from './flags.events.js';
import { FLAGS_COLUMNS, flagsOf, type FlagsRow } from './flags-row.js';

/** The flags of the order that stands for the asked one. */
export interface OrderFlags {
  readonly orderId: string;
  readonly state: FlagsState;
}

export interface FlagsSummary {
  readonly total: number;
  readonly written: number;
  readonly stockPending: number;
  readonly invoicesPending: number;
}

/** From the counts that are kept with every change; orders that were replaced count once, in their successor. */
const SUMMARY = `select coalesce(sum(orders), 0)::int as total,
  coalesce(sum(orders) filter (where has_flags), 0)::int as written,
  coalesce(sum(orders) filter (where not is_stock_updated), 0)::int as "stockPending",
  coalesce(sum(orders) filter (where not has_invoice_created), 0)::int as "invoicesPending"
  from order_counts where account_id = $1`;

@Injectable()
export class FlagsReadModel {
  constructor(private readonly database: Database) {}

  /** Of the order that replaced it, where one did; null when the account has no such order. */
  async find(accountId: string, orderId: string): Promise<OrderFlags | null> {
    const [row] = await this.database.query<FlagsRow & { readonly orderId: string }>(
      `with recursive chain as (
         select s.stream_id, o.merged_into from event_log.streams s join orders o using (stream_id) where s.account_id = $1 and s.order_id = $2
         union select s.stream_id, o.merged_into from chain c
           join event_log.streams s on s.account_id = $1 and s.order_id = c.merged_into join orders o on o.stream_id = s.stream_id)
       select f.order_id as "orderId", ${FLAGS_COLUMNS} from chain c join order_technical_flags f using (stream_id) where c.merged_into is null`,
      [accountId, orderId],
    );
    return row ? { orderId: row.orderId, state: flagsOf(row) } : null;
  }

  async summary(accountId: string): Promise<FlagsSummary> {
    const [row] = await this.database.query<FlagsSummary>(SUMMARY, [accountId]);
    if (!row) throw new Error('a count answered no row');
    return row;
  }
}
