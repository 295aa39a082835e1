import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';
import { type AuditEntry, appendAuditEntry } from './audit.store.js';

/** Who did what in whose tenant; append-only, also for the service itself. */
@Injectable()
export class AuditTrail {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** Resolves when the entry is committed; what it is about happens only afterwards. */
  async record(entry: AuditEntry): Promise<void> {
    await this.database.transaction((tx) => appendAuditEntry(tx, entry));
  }
}
