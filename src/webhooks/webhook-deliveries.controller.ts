import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { isUUID } from 'class-validator';
import { readCursor, writeCursor } from '../core/signed-cursor.js';
import { CurrentScope, Roles } from '../platform/http/access/access.decorators.js';
import { AuditTrail } from '../platform/http/access/audit-trail.js';
import type { TenantScope } from '../platform/http/access/tenant-scope.js';
import { validationFailed } from '../platform/http/http.errors.js';
import { ReachesOut } from '../platform/http/rate-limit/reaches-out.decorator.js';
import { OrderKeys } from '../platform/vault/order-keys.js';
import { DeliveriesQuery, DeliveryDetailView, deliveryDetailView, DeliveryListView, deliveryView } from './webhook-deliveries.dto.js';
import { type DeliveryPlace, WebhookDeliveries } from './webhook-deliveries.read-model.js';
import { deliveryIdOf, messageIdOf } from './webhook-message.js';
import { WebhookReplays } from './webhook-replays.service.js';
import { OwedView, ReplayBody, WebhookReplayView } from './webhooks.dto.js';
import { deliveryNotFound, webhookNotFound } from './webhooks.errors.js';
import { WebhookSubscriptions } from './webhooks.service.js';

/** What was sent to a webhook, what came of it, and sending it again. */
@ApiTags('webhooks')
@Controller('webhooks/:webhook_id')
export class WebhookDeliveriesController {
  constructor(
    private readonly subscriptions: WebhookSubscriptions,
    private readonly deliveries: WebhookDeliveries,
    private readonly replays: WebhookReplays,
    private readonly keys: OrderKeys,
    private readonly audit: AuditTrail,
  ) {}

  @Get('deliveries')
  @ApiOperation({
    operationId: 'listDeliveries',
    summary: 'Lists the deliveries of a subscription',
    description: 'Newest first; kept for 30 days after their end.',
  })
  @Roles('seller', 'operator', 'support')
  @ApiOkResponse({ type: DeliveryListView })
  async list(@CurrentScope() scope: TenantScope, @Param('webhook_id') text: string, @Query() query: DeliveriesQuery): Promise<DeliveryListView> {
    const { id } = await this.subscriptions.find(scope, webhookIdOf(text));
    const filter = { state: query.state ?? null, topic: query.type ?? null, orderId: query.order_id ?? null };
    const sign = (place: string) => this.keys.keyedHash(`webhook-deliveries-cursor:${id}`, place);
    const after = query.cursor === undefined ? null : placeOf(readCursor(query.cursor, sign));
    const found = await this.deliveries.list(id, filter, { after, limit: query.limit + 1 });
    const shown = found.slice(0, query.limit);
    const last = found.length > query.limit ? shown.at(-1) : undefined;
    return { deliveries: shown.map(deliveryView), next_cursor: last ? writeCursor([last.place, last.id], sign) : null };
  }

  @Get('deliveries/:message_id')
  @ApiOperation({ operationId: 'getDelivery', summary: 'Reads a delivery with its attempts' })
  @Roles('seller', 'operator')
  @ApiOkResponse({ type: DeliveryDetailView })
  async find(@CurrentScope() scope: TenantScope, @Param('webhook_id') text: string, @Param('message_id') messageId: string): Promise<DeliveryDetailView> {
    const { id } = await this.subscriptions.find(scope, webhookIdOf(text));
    const delivery = await this.deliveries.find(id, deliveryOf(messageId));
    if (!delivery) throw deliveryNotFound();
    return deliveryDetailView(delivery, await this.deliveries.attempts(delivery.id));
  }

  @Post('deliveries/:message_id/replay')
  @ReachesOut()
  @ApiOperation({ operationId: 'replayDelivery', summary: 'Sends a delivery again', description: 'Sends one again, under the same `webhook-id`.' })
  @Roles('seller', 'operator')
  @HttpCode(202)
  @ApiAcceptedResponse({ type: OwedView })
  async replay(@CurrentScope() scope: TenantScope, @Param('webhook_id') text: string, @Param('message_id') messageId: string): Promise<OwedView> {
    await this.replays.one(scope, webhookIdOf(text), deliveryOf(messageId));
    await this.record(scope, 'webhook.replay', { webhook_id: text, message_id: messageId });
    return { message_id: messageId, state: 'owed' };
  }

  @Post('replay')
  @ReachesOut()
  @ApiOperation({
    operationId: 'replayWebhook',
    summary: 'Sends everything since an instant again',
    description: 'Sends everything again that was announced since an instant, as far back as announcements are kept (30 days).',
  })
  @Roles('seller', 'operator')
  @HttpCode(202)
  @ApiAcceptedResponse({ type: WebhookReplayView })
  async replaySince(@CurrentScope() scope: TenantScope, @Param('webhook_id') text: string, @Body() { since }: ReplayBody): Promise<WebhookReplayView> {
    await this.replays.since(scope, webhookIdOf(text), since);
    await this.record(scope, 'webhook.replay_since', { webhook_id: text, since: since.toISOString() });
    return { replay_since: since.toISOString() };
  }

  @Post('ping')
  @ReachesOut()
  @ApiOperation({
    operationId: 'pingWebhook',
    summary: 'Sends a test event',
    description: 'Sends a `webhook.ping`, once; the log of deliveries says what came of it.',
  })
  @Roles('seller', 'operator')
  @HttpCode(202)
  @ApiAcceptedResponse({ type: OwedView })
  async ping(@CurrentScope() scope: TenantScope, @Param('webhook_id') text: string): Promise<OwedView> {
    return { message_id: messageIdOf(await this.replays.ping(scope, webhookIdOf(text))), state: 'owed' };
  }

  private async record({ actor, roles, tenantId }: TenantScope, action: string, subject: Record<string, string>): Promise<void> {
    await this.audit.record({ actor, actorRoles: [...roles], tenantId, action, subject, reason: null, requestId: null });
  }
}

function webhookIdOf(text: string): string {
  if (!isUUID(text, 'loose')) throw webhookNotFound();
  return text;
}

function deliveryOf(messageId: string): string {
  const id = deliveryIdOf(messageId);
  if (id === null) throw deliveryNotFound();
  return id;
}

function placeOf(place: unknown): DeliveryPlace {
  if (!Array.isArray(place)) throw validationFailed([{ field: 'cursor', message: 'must be the next_cursor of a page of the same webhook' }]);
  const [createdAt, id] = place as [string, string];
  return { createdAt, id };
}
