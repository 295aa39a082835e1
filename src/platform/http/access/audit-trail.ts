import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';
import { APPEND, type AuditEntry, valuesOf } from './audit.store.js';

/** Who did what in whose tenant; append-only, also for the service itself. */
@Injectable()
export class AuditTrail {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** Resolves when the entry is committed; what it is about happens only afterwards. One statement: every change waits for it. */
  async record(entry: AuditEntry): Promise<void> {
    await this.database.query(APPEND, valuesOf(entry));
  }
}
