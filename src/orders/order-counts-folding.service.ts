import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { CONFIGURATION, type Configuration } from '../platform/config/configuration.js';
import { Database } from '../platform/database/database.js';
import { SupervisedLoops } from '../platform/supervision/supervised-loops.js';

/** A busy account writes some hundred changes in this time; adding them up costs a list a tenth of a millisecond. */
const FOLD_EVERY_MS = 2_000;
/** Fewer are not worth a write. */
const LEAST_CHANGES = 200;
/** A million orders are counted in seconds; four times a day nobody notices. */
const RECOUNT_EVERY_MS = 6 * 3_600_000;

/** Adds the counted changes of orders up to sums, so that totals stay cheap, and now and then compares the sums with the orders. */
@Injectable()
export class OrderCountsFolding implements OnApplicationBootstrap {
  private readonly logger = new Logger('orders');

  constructor(
    private readonly database: Database,
    private readonly loops: SupervisedLoops,
    @Inject(CONFIGURATION) private readonly config: Configuration,
  ) {}

  onApplicationBootstrap(): void {
    if (this.config.role !== 'scheduler' && this.config.role !== 'all') return;
    this.loops.start('order-counts', FOLD_EVERY_MS, (signal) => this.fold(signal));
    this.loops.start('order-recount', RECOUNT_EVERY_MS, (signal) => this.recount(signal));
  }

  private async fold(signal: AbortSignal): Promise<void> {
    const busy = 'select account_id as "accountId" from order_counts where not is_sum group by account_id having count(*) >= $1';
    for (const { accountId } of await this.database.query<Account>(busy, [LEAST_CHANGES])) {
      if (signal.aborted) return;
      await this.database.query('select fold_order_counts($1)', [accountId]);
    }
  }

  /** Puts wrong sums right. There is no known way to get them; an error in the log says that one was found. */
  private async recount(signal: AbortSignal): Promise<void> {
    for (const { accountId } of await this.database.query<Account>('select id as "accountId" from accounts order by id')) {
      if (signal.aborted) return;
      const [row] = await this.database.query<{ differs: boolean }>('select recount_orders($1) as differs', [accountId]);
      if (row?.differs) this.logger.error({ accountId }, 'The counts of the orders of an account were wrong and have been counted anew.');
    }
  }
}

interface Account {
  readonly accountId: string;
}
