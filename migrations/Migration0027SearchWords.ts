import { Migration } from '@mikro-orm/migrations';
import { SEARCH_KEYS, SEARCH_WORDS } from './sql/search-words.js';

/** A search that costs much the same with a million orders: one index narrows it to a span of time, and slips are put right by an account's own words. */
export class Migration0027SearchWords extends Migration {
  override up(): void {
    for (const statement of [...SEARCH_KEYS, ...SEARCH_WORDS]) this.addSql(statement);
  }
}
