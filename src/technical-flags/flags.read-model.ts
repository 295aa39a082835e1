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

/**
 * Every order has a row from its birth on, so what is not pending is done; each count is read from an index alone. Orders that were replaced count
 * once, in their successor: they are few, found by an index of their own, and taken off.
 */
const replaced = (condition: string) =>
  `(select count(*) from orders o join order_technical_flags f using (stream_id) where o.account_id = $1 and o.merged_into is not null and ${condition})`;
const SUMMARY = `select
  ((select count(*) from orders where account_id = $1) - ${replaced('true')})::int as total,
  ((select count(*) from order_technical_flags where account_id = $1 and created_at is not null) - ${replaced('f.created_at is not null')})::int as written,
  ((select count(*) from order_technical_flags where account_id = $1 and not is_stock_updated) - ${replaced('not f.is_stock_updated')})::int as "stockPending",
  ((select count(*) from order_technical_flags where account_id = $1 and not has_invoice_created) - ${replaced('not f.has_invoice_created')})::int
    as "invoicesPending"`;

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
