import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import type { BoundSql } from './bound-sql.js';
import type { OrderView } from './order-json.js';
import { ORDER_VIEW, ORDER_VIEW_TABLES, orderViewOf, type OrderViewRow } from './order-view-row.js';
import { isCounted, leadOf } from './order-counts.js';
import { OrderCountsReadModel } from './order-counts.read-model.js';
import { countQuery, type Lead, type ListPage, type OrderFilter, pageQuery } from './order-list-query.js';
import { ORDER_STAMP, type OrderState } from './rendered-orders.service.js';

/** An order of a page and its place in the list. */
interface ListedOrder extends OrderState {
  readonly sortedAt: string;
}

interface ListedPage {
  readonly states: readonly ListedOrder[];
  /** Exact, of all pages. */
  readonly total: number;
  /** The last of the page, where another page follows. */
  readonly last: ListedOrder | null;
}

/** Few different limits, so that connections keep few plans. */
const ROWS_READ = [21, 51, 101, 201, 501, 1_001];
/** At least one row more than asked for: it tells whether another page follows. */
const rowsToRead = (limit: number) => ROWS_READ.find((rows) => rows > limit) ?? limit + 1;

/** The orders of a page with the versions of their rows. */
export function pageStatesQuery(accountId: string, filter: OrderFilter, page: ListPage): BoundSql {
  const { sql, params } = pageQuery(accountId, filter, page);
  const states = `select stream_id as "streamId", ${ORDER_STAMP} as stamp, page.sorted_at::text as "sortedAt" from page join ${ORDER_VIEW_TABLES}`;
  return { sql: `with page as materialized (${sql}) ${states} order by page.sorted_at desc, stream_id desc`, params };
}

@Injectable()
export class OrdersReadModel {
  constructor(
    private readonly database: Database,
    private readonly counts: OrderCountsReadModel,
  ) {}

  /** Which orders of an account are on a page, newest first. */
  async list(accountId: string, filter: OrderFilter, page: ListPage): Promise<ListedPage> {
    const counts = await this.counts.of(accountId, filter);
    if (counts.matching === 0) return { states: [], total: 0, last: null };
    const lead = leadOf(filter, counts);
    const [rows, total] = await Promise.all([
      this.page(accountId, filter, { ...page, lead, limit: rowsToRead(page.limit) }),
      isCounted(filter) ? counts.matching : this.count(accountId, filter, lead),
    ]);
    const states = rows.slice(0, page.limit);
    return { states, total, last: rows.length > page.limit ? (states.at(-1) ?? null) : null };
  }

  /** The order as last known; null when the account has no such order. */
  async find(accountId: string, orderId: string): Promise<OrderView | null> {
    const [row] = await this.database.query<OrderViewRow>(
      `select ${ORDER_VIEW} from event_log.streams s join ${ORDER_VIEW_TABLES} where s.account_id = $1 and s.order_id = $2`,
      [accountId, orderId],
    );
    return row ? orderViewOf(row) : null;
  }

  private async page(accountId: string, filter: OrderFilter, page: ListPage): Promise<ListedOrder[]> {
    const { sql, params } = pageStatesQuery(accountId, filter, page);
    return this.database.query<ListedOrder>(sql, params);
  }

  private async count(accountId: string, filter: OrderFilter, lead: Lead): Promise<number> {
    const { sql, params } = countQuery(accountId, filter, lead);
    const [row] = await this.database.query<{ total: number }>(sql, params);
    return row?.total ?? 0;
  }
}
