import { Inject, Injectable } from '@nestjs/common';
import { CONFIGURATION, type Configuration } from '../platform/config/configuration.js';
import { Database } from '../platform/database/database.js';
import { type HolderOfCopies, HoldersOfCopies } from '../platform/erasure/holders-of-copies.js';
import type { ForgottenBuyer } from '../platform/erasure/forgotten-buyer.js';
import { RetentionRules } from '../platform/retention/retention-rules.js';
import { forgetAnswers, removeEnded } from './webhook-copies.store.js';

/** What webhooks keep and must let go: answers of receivers may repeat what was sent to them, and the log of deliveries ages out. */
@Injectable()
export class WebhookCopies implements HolderOfCopies {
  readonly name = 'webhook answers';

  constructor(
    private readonly database: Database,
    holders: HoldersOfCopies,
    retention: RetentionRules,
    @Inject(CONFIGURATION) { retention: settings }: Configuration,
  ) {
    holders.register(this);
    retention.register({ name: 'webhook_deliveries', days: settings.deliveryDays, remove: removeEnded });
  }

  /** Deliveries themselves hold ids and paths alone; what is sent from now on is read from the order, where the buyer is gone. */
  async forget({ accountId, orderIds }: ForgottenBuyer): Promise<number> {
    return this.database.transaction((tx) => forgetAnswers(tx, accountId, orderIds));
  }
}
