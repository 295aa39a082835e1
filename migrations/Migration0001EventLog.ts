import { Migration } from '@mikro-orm/migrations';
import { APPEND_FUNCTIONS } from './sql/event-log-functions.js';
import { LOG_GUARD } from './sql/event-log-guard.js';
import { LOG_TABLES } from './sql/event-log-tables.js';

/** The append-only log, its stream heads, the vault of data keys, the writers' leases and the walls around them. */
export class Migration0001EventLog extends Migration {
  override up(): void {
    for (const statement of [...LOG_TABLES, ...APPEND_FUNCTIONS, ...LOG_GUARD]) this.addSql(statement);
  }
}
