import { Migration } from '@mikro-orm/migrations';
import { SEARCH_GRANTS, SEARCH_TABLE } from './sql/search-table.js';

/** What orders are searched by. Orders projected before it are filled in when they change or are replayed. */
export class Migration0012Search extends Migration {
  override up(): void {
    for (const statement of [...SEARCH_TABLE, ...SEARCH_GRANTS]) this.addSql(statement);
  }
}
