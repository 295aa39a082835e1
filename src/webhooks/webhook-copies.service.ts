import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import { type HolderOfCopies, HoldersOfCopies } from '../platform/erasure/holders-of-copies.js';
import type { ForgottenBuyer } from '../platform/erasure/forgotten-buyer.js';
import { RetentionRules } from '../platform/retention/retention-rules.js';
import { Settings } from '../platform/settings/settings.service.js';
import { KEPT_DELIVERIES } from './webhooks.settings.js';
import { forgetAnswers, removeEnded } from './webhook-copies.store.js';

/** What webhooks keep and must let go: answers of receivers may repeat what was sent to them, and the log of deliveries ages out. */
@Injectable()
export class WebhookCopies implements HolderOfCopies {
  readonly name = 'webhook answers';

  constructor(
    private readonly database: Database,
    holders: HoldersOfCopies,
    retention: RetentionRules,
    settings: Settings,
  ) {
    holders.register(this);
    retention.register({ name: 'webhook_deliveries', days: settings.live(KEPT_DELIVERIES), remove: removeEnded });
  }

  /** Deliveries themselves hold ids and paths alone; what is sent from now on is read from the order, where the buyer is gone. */
  async forget({ accountId, orderIds }: ForgottenBuyer): Promise<number> {
    return this.database.transaction((tx) => forgetAnswers(tx, accountId, orderIds));
  }
}
