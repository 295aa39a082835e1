import { Module } from '@nestjs/common';
import { OrdersModule } from '../orders/orders.module.js';
import { NoticesModule } from '../platform/notices/notices.module.js';
import { RetentionModule } from '../platform/retention/retention.module.js';
import { SettingsModule } from '../platform/settings/settings.module.js';
import { Dispatcher } from './dispatcher.service.js';
import { FanOut } from './fan-out.service.js';
import { Settlement } from './settlement.service.js';
import { WebhookCopies } from './webhook-copies.service.js';
import { WebhookDeliveriesController } from './webhook-deliveries.controller.js';
import { WebhookDeliveries } from './webhook-deliveries.read-model.js';
import { WebhookGauges } from './webhook-gauges.service.js';
import { WebhookKeyCheck } from './webhook-key-check.service.js';
import { WebhookNotices } from './webhook-notices.service.js';
import { WebhookReceiver } from './webhook-receiver.client.js';
import { WebhookReplays } from './webhook-replays.service.js';
import { WebhookSender } from './webhook-sender.service.js';
import { WebhookTroubles } from './webhook-troubles.service.js';
import { WebhookVault } from './webhook-vault.service.js';
import { WebhooksController } from './webhooks.controller.js';
import { Webhooks } from './webhooks.read-model.js';
import { WebhookSubscriptions } from './webhooks.service.js';

/** Tells receivers that tenants named what happens, until they have taken it. */
@Module({
  imports: [NoticesModule, OrdersModule, RetentionModule, SettingsModule],
  controllers: [WebhooksController, WebhookDeliveriesController],
  providers: [
    Dispatcher,
    FanOut,
    Settlement,
    WebhookCopies,
    WebhookDeliveries,
    WebhookGauges,
    WebhookKeyCheck,
    WebhookNotices,
    WebhookReceiver,
    WebhookReplays,
    WebhookSender,
    WebhookSubscriptions,
    WebhookTroubles,
    WebhookVault,
    Webhooks,
  ],
})
export class WebhooksModule {}
