import { Migration } from '@mikro-orm/migrations';
import { ORDER_COUNTS } from './sql/order-counts.js';

/** Exact totals of lists that cost the same with a million orders, and an index for every filter. */
export class Migration0026OrderCounts extends Migration {
  override up(): void {
    for (const statement of ORDER_COUNTS) this.addSql(statement);
  }
}
