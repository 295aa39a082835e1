import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import { type OrderCounts, orderCountsQuery } from './order-counts.js';
import type { OrderFilter } from './order-list-query.js';

@Injectable()
export class OrderCountsReadModel {
  constructor(private readonly database: Database) {}

  /** Exact as of its own instant, in the time of some hundred small rows. */
  async of(accountId: string, filter: OrderFilter): Promise<OrderCounts> {
    const { sql, params } = orderCountsQuery(accountId, filter);
    const [row] = await this.database.query<OrderCounts>(sql, params);
    if (!row) throw new Error('a sum answered no row');
    return row;
  }
}
