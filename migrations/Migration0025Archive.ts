import { Migration } from '@mikro-orm/migrations';
import { IMPORT_FUNCTIONS } from './sql/import-functions.js';
import { IMPORT_TABLES, LOAD_WITH_ORIGIN } from './sql/import-tables.js';

/** The way of an account's archive into another installation, with the seals and the hash chain it had. */
export class Migration0025Archive extends Migration {
  override up(): void {
    this.addSql(`set local event_log.maintenance = 'on'`);
    for (const statement of [...IMPORT_TABLES, ...LOAD_WITH_ORIGIN, ...IMPORT_FUNCTIONS]) this.addSql(statement);
  }
}
