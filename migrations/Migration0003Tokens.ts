import { Migration } from '@mikro-orm/migrations';
import { ACCOUNT_GRANTS, ACCOUNT_TABLES } from './sql/account-tables.js';

/** Seller accounts, their sealed tokens and the device authorizations that link them. */
export class Migration0003Tokens extends Migration {
  override up(): void {
    for (const statement of [...ACCOUNT_TABLES, ...ACCOUNT_GRANTS]) this.addSql(statement);
  }
}
