import { Migration } from '@mikro-orm/migrations';
import { ANALYZE_ORDERS, ORDER_GRANTS, ORDER_TABLES, PROJECT_ORDERS } from './sql/order-tables.js';

/** The projections of the log that lists, single orders and flags are read from. */
export class Migration0004Orders extends Migration {
  override up(): void {
    for (const statement of [...ORDER_TABLES, PROJECT_ORDERS, ANALYZE_ORDERS, ...ORDER_GRANTS]) this.addSql(statement);
  }
}
