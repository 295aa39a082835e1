import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';

/** The flags of one order as callers read them; times null until first written. */
export interface OrderFlags {
  readonly orderId: string;
  readonly isStockUpdated: boolean;
  readonly hasInvoiceCreated: boolean;
  readonly invoiceId: string | null;
  readonly createdAt: Date | null;
  readonly updatedAt: Date | null;
}

export interface FlagsSummary {
  readonly total: number;
  readonly written: number;
  readonly stockPending: number;
  readonly invoicesPending: number;
}

/** Every order has a row from its birth on, so what is not pending is done; each count is read from an index alone. */
const SUMMARY = `select
  (select count(*) from orders where account_id = $1)::int as total,
  (select count(*) from order_technical_flags where account_id = $1 and created_at is not null)::int as written,
  (select count(*) from order_technical_flags where account_id = $1 and not is_stock_updated)::int as "stockPending",
  (select count(*) from order_technical_flags where account_id = $1 and not has_invoice_created)::int as "invoicesPending"`;

@Injectable()
export class FlagsReadModel {
  constructor(private readonly database: Database) {}

  /** null when the account has no such order. */
  async find(accountId: string, orderId: string): Promise<OrderFlags | null> {
    const [row] = await this.database.query<OrderFlags>(
      `select s.order_id as "orderId", f.is_stock_updated as "isStockUpdated", f.has_invoice_created as "hasInvoiceCreated", f.invoice_id as "invoiceId",
         f.created_at as "createdAt", f.updated_at as "updatedAt"
       from event_log.streams s join order_technical_flags f using (stream_id) where s.account_id = $1 and s.order_id = $2`,
      [accountId, orderId],
    );
    return row ?? null;
  }

  async summary(accountId: string): Promise<FlagsSummary> {
    const [row] = await this.database.query<FlagsSummary>(SUMMARY, [accountId]);
    if (!row) throw new Error('a count answered no row');
    return row;
  }
}
