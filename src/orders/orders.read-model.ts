import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import type { OrderView, PageOfOrders } from './order-json.js';
import { ORDER_VIEW, ORDER_VIEW_TABLES, orderViewOf, type OrderViewRow } from './order-view-row.js';
import { countQuery, type ListPage, type OrderFilter, pageQuery } from './order-list-query.js';

/** The place of a page's last order, where another page follows. */
interface LastOfPage {
  readonly streamId: string;
  readonly sortedAt: string;
}

type ListedRow = OrderViewRow & LastOfPage;

@Injectable()
export class OrdersReadModel {
  constructor(private readonly database: Database) {}

  /** One page of an account's orders, newest first, with the exact total of all pages. */
  async list(accountId: string, filter: OrderFilter, page: ListPage): Promise<PageOfOrders & { readonly last: LastOfPage | null }> {
    // One row more than asked for tells whether another page follows.
    const [rows, total] = await Promise.all([this.page(accountId, filter, { ...page, limit: page.limit + 1 }), this.count(accountId, filter)]);
    const shown = rows.slice(0, page.limit);
    const final = shown.at(-1);
    const views = shown.map(({ sortedAt: _, ...row }) => orderViewOf(row));
    return { views, total, limit: page.limit, offset: page.offset, last: rows.length > page.limit && final ? final : null };
  }

  /** The order as last known; null when the account has no such order. */
  async find(accountId: string, orderId: string): Promise<OrderView | null> {
    const [row] = await this.database.query<OrderViewRow>(
      `select ${ORDER_VIEW} from event_log.streams s join ${ORDER_VIEW_TABLES} where s.account_id = $1 and s.order_id = $2`,
      [accountId, orderId],
    );
    return row ? orderViewOf(row) : null;
  }

  private async page(accountId: string, filter: OrderFilter, page: ListPage): Promise<ListedRow[]> {
    const { sql, params } = pageQuery(accountId, filter, page);
    return this.database.query<ListedRow>(
      `with page as materialized (${sql})
       select ${ORDER_VIEW}, page.sorted_at::text as "sortedAt" from page join ${ORDER_VIEW_TABLES} order by page.sorted_at desc, stream_id desc`,
      params,
    );
  }

  private async count(accountId: string, filter: OrderFilter): Promise<number> {
    const { sql, params } = countQuery(accountId, filter);
    const [row] = await this.database.query<{ total: number }>(sql, params);
    return row?.total ?? 0;
  }
}
