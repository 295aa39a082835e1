import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import type { OrderView, PageOfOrders } from './order-json.js';
import { ORDER_VIEW, ORDER_VIEW_TABLES, orderViewOf, type OrderViewRow } from './order-view-row.js';
import { countQuery, type OrderFilter, pageQuery } from './order-list-query.js';

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
    const [row] = await this.database.query<OrderViewRow>(
      `select ${ORDER_VIEW} from event_log.streams s join ${ORDER_VIEW_TABLES} where s.account_id = $1 and s.order_id = $2`,
      [accountId, orderId],
    );
    return row ? orderViewOf(row) : null;
  }

  private async page(accountId: string, filter: OrderFilter, page: { limit: number; offset: number }): Promise<OrderView[]> {
    const { sql, params } = pageQuery(accountId, filter, page);
    const rows = await this.database.query<OrderViewRow>(
      `with page as materialized (${sql})
       select ${ORDER_VIEW} from page join ${ORDER_VIEW_TABLES} order by o.ordered_at desc, o.stream_id desc`,
      params,
    );
    return rows.map(orderViewOf);
  }

  private async count(accountId: string, filter: OrderFilter): Promise<number> {
    const { sql, params } = countQuery(accountId, filter);
    const [row] = await this.database.query<{ total: number }>(sql, params);
    return row?.total ?? 0;
  }
}
