import { Migration } from '@mikro-orm/migrations';
import { ANALYZE_ORDERS_AND_SEARCH, PROJECT_ORDERS_AND_SEARCH, SEARCH_GRANTS, SEARCH_TABLE } from './sql/search-table.js';

/** What orders are searched by. Orders projected before it are filled in when they change or are replayed. */
export class Migration0012Search extends Migration {
  override up(): void {
    for (const statement of [...SEARCH_TABLE, PROJECT_ORDERS_AND_SEARCH, ANALYZE_ORDERS_AND_SEARCH, ...SEARCH_GRANTS]) this.addSql(statement);
  }
}
