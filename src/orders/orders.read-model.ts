import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import type { KeptValue } from './merge-order.js';
import type { OrderView, PageOfOrders } from './order-json.js';
import { countQuery, type OrderFilter, pageQuery } from './order-list-query.js';

interface ViewRow extends Omit<OrderView, 'createdAt' | 'updatedAt'> {
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly kept: KeptValue[];
}

/** The document leaves the database as text: it is answered as stored, never parsed on the way. */
const VIEW = `o.stream_id as "streamId", o.order_id as "orderId", o.version, d.document::text as document, d.fold -> 'kept' as kept,
  o.created_at as "createdAt", o.updated_at as "updatedAt", f.is_stock_updated as "isStockUpdated", f.has_invoice_created as "hasInvoiceCreated",
  f.invoice_id as "invoiceId", o.merged_into as "mergedInto", coalesce(o.merged_from, '{}') as "mergedFrom", o.attention`;
const JOINED = `orders o using (stream_id) join order_documents d using (stream_id) join order_technical_flags f using (stream_id)`;

const viewOf = (row: ViewRow): OrderView => ({ ...row, createdAt: row.createdAt.toISOString(), updatedAt: row.updatedAt.toISOString() });

@Injectable()
export class OrdersReadModel {
  constructor(private readonly database: Database) {}

  /** One page of an account's orders, newest first by the order date, with the exact total. */
  async list(accountId: string, filter: OrderFilter, page: { limit: number; offset: number }): Promise<PageOfOrders> {
    const [views, total] = await Promise.all([this.page(accountId, filter, page), this.count(accountId, filter)]);
    return { views, total, ...page };
  }

  /** The order as last known; null when the account has no such order. */
  async find(accountId: string, orderId: string): Promise<OrderView | null> {
    const [row] = await this.database.query<ViewRow>(`select ${VIEW} from event_log.streams s join ${JOINED} where s.account_id = $1 and s.order_id = $2`, [
      accountId,
      orderId,
    ]);
    return row ? viewOf(row) : null;
  }

  private async page(accountId: string, filter: OrderFilter, page: { limit: number; offset: number }): Promise<OrderView[]> {
    const { sql, params } = pageQuery(accountId, filter, page);
    const rows = await this.database.query<ViewRow>(
      `with page as materialized (${sql})
       select ${VIEW} from page join ${JOINED} order by o.ordered_at desc, o.stream_id desc`,
      params,
    );
    return rows.map(viewOf);
  }

  private async count(accountId: string, filter: OrderFilter): Promise<number> {
    const { sql, params } = countQuery(accountId, filter);
    const [row] = await this.database.query<{ total: number }>(sql, params);
    return row?.total ?? 0;
  }
}
