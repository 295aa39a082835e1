import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import type { TenantScope } from '../platform/http/access/tenant-scope.js';
import { oweAgain, owePing } from './deliveries.store.js';
import { WEBHOOK_PING } from './event-types.js';
import { deliveryNotFound, replayRunning, webhookDisabled } from './webhooks.errors.js';
import type { Webhook } from './webhooks.read-model.js';
import { WebhookSubscriptions } from './webhooks.service.js';
import { beginReplay } from './webhooks.store.js';

/** Sends again what was sent or given up, and tests; all of it as rows the dispatcher finds. */
@Injectable()
export class WebhookReplays {
  constructor(
    private readonly database: Database,
    private readonly subscriptions: WebhookSubscriptions,
  ) {}

  /** Owes a test message; while one is owed it is that one. @returns the delivery's id. @throws Problem WEBHOOK_NOT_FOUND, WEBHOOK_DISABLED */
  async ping(scope: TenantScope, id: string): Promise<string> {
    await this.active(scope, id);
    return this.database.transaction((tx) => owePing(tx, id, WEBHOOK_PING));
  }

  /** @throws Problem WEBHOOK_NOT_FOUND, WEBHOOK_DELIVERY_NOT_FOUND, WEBHOOK_DISABLED */
  async one(scope: TenantScope, id: string, deliveryId: string): Promise<void> {
    await this.active(scope, id);
    if (!(await this.database.transaction((tx) => oweAgain(tx, id, deliveryId)))) throw deliveryNotFound();
  }

  /** @throws Problem WEBHOOK_NOT_FOUND, WEBHOOK_DISABLED, WEBHOOK_REPLAY_RUNNING */
  async since(scope: TenantScope, id: string, since: Date): Promise<void> {
    await this.active(scope, id);
    if (!(await this.database.transaction((tx) => beginReplay(tx, id, since)))) throw replayRunning();
  }

  private async active(scope: TenantScope, id: string): Promise<Webhook> {
    const webhook = await this.subscriptions.find(scope, id);
    if (webhook.state === 'disabled') throw webhookDisabled();
    return webhook;
  }
}
