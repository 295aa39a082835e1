import { Migration } from '@mikro-orm/migrations';
import { STATISTICS_FUNCTIONS } from './sql/statistics-functions.js';
import { STATISTICS_GRANTS, STATISTICS_TABLES } from './sql/statistics-tables.js';

/** Sums per day that statistics and reports are read from. Orders projected before it count in sales; what was sold in them is filled in when they change or are replayed. */
export class Migration0024Statistics extends Migration {
  override up(): void {
    for (const statement of [...STATISTICS_TABLES, ...STATISTICS_FUNCTIONS, ...STATISTICS_GRANTS]) this.addSql(statement);
    this.addSql('select recount_order_statistics(account_id) from (select distinct account_id from orders) a');
  }
}
