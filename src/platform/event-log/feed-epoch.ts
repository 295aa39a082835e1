import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Database } from '../database/database.js';
import { query } from '../database/transaction.js';

/** Opens a new epoch of the feed when the database was restored into another cluster, before anything is appended or read there. */
@Injectable()
export class FeedEpoch implements OnModuleInit {
  constructor(private readonly database: Database) {}

  async onModuleInit(): Promise<void> {
    await this.database.transaction(async (tx) => {
      // Processes start together: the second one sees the epoch of the first.
      await query(tx, `select pg_advisory_xact_lock(hashtext('open the epoch of the feed'))`);
      await query(tx, 'select event_log.open_epoch()');
    });
  }
}
