import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import type { Counter } from 'prom-client';
import { CONFIGURATION, type Configuration } from '../config/configuration.js';
import { Database } from '../database/database.js';
import { Metrics } from '../observability/metrics.js';
import { SupervisedLoops } from '../supervision/supervised-loops.js';
import { type RetentionRule, RetentionRules } from './retention-rules.js';

/** Ages are days: ten minutes more are nothing, and an idle look is a few index reads. */
const INTERVAL_MS = 600_000;
/** Some ten milliseconds a transaction: an open one holds the feed of changes back. */
const ROWS_PER_BATCH = 1_000;

/** Lets what is over and done with go, in the processes that schedule. Two of them at once delete different rows, or the same none. */
@Injectable()
export class Retention implements OnApplicationBootstrap {
  private readonly logger = new Logger('retention');
  private readonly deleted: Counter;

  constructor(
    @Inject(CONFIGURATION) private readonly config: Configuration,
    private readonly database: Database,
    private readonly rules: RetentionRules,
    private readonly loops: SupervisedLoops,
    metrics: Metrics,
  ) {
    this.deleted = metrics.counter({ name: 'retention_deleted_rows_total', help: 'Rows deleted because of their age', labels: ['rule'] });
  }

  onApplicationBootstrap(): void {
    if (this.config.role !== 'scheduler' && this.config.role !== 'all') return;
    this.loops.start('retention', INTERVAL_MS, (signal) => this.turn(signal));
  }

  private async turn(signal: AbortSignal): Promise<void> {
    const failures: unknown[] = [];
    for (const rule of this.rules.all) {
      // A rule that fails must not keep the others from their work; the turn fails all the same.
      await this.apply(rule, signal).catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw new AggregateError(failures, 'some rows could not age out');
  }

  private async apply(rule: RetentionRule, signal: AbortSignal): Promise<void> {
    let total = 0;
    let went = ROWS_PER_BATCH;
    const { days } = rule;
    while (went >= ROWS_PER_BATCH && !signal.aborted) {
      went = await this.database.transaction((tx) => rule.remove(tx, { days, limit: ROWS_PER_BATCH }));
      this.deleted.inc({ rule: rule.name }, went);
      total += went;
    }
    if (total > 0) this.logger.log('rows aged out', { rule: rule.name, rows: total, days });
  }
}
