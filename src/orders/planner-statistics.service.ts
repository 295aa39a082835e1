import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';

/** Below this many orders any plan is fast enough. */
const FIRST_ANALYSIS = 500;

/** Tells PostgreSQL how large the order tables have become while an import fills them; at rest autovacuum does. */
@Injectable()
export class PlannerStatistics {
  private created = 0;
  private next = FIRST_ANALYSIS;

  constructor(private readonly database: Database) {}

  /** Analyses each time the orders this process created have doubled, so that a long import pays a dozen times in all. */
  async grown(created: number): Promise<void> {
    this.created += created;
    if (this.created < this.next) return;
    this.next = this.created * 2;
    await this.renew();
  }

  /** The samples it keeps hold values of rows: those of an erased buyer go with it. */
  async renew(): Promise<void> {
    await this.database.query('select analyze_orders()');
  }
}
