import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { isUUID } from 'class-validator';
import { CurrentScope, Roles } from '../platform/http/access/access.decorators.js';
import { AuditTrail } from '../platform/http/access/audit-trail.js';
import type { TenantScope } from '../platform/http/access/tenant-scope.js';
import {
  ChangeWebhookBody, CreatedWebhookView, CreateWebhookBody, RotatedSecretView, RotateSecretBody, WebhookListView, WebhookView, webhookView,
} from './webhooks.dto.js'; // prettier-ignore
import { USUAL_OVERLAP_HOURS } from '../platform/http/overlap-hours.decorator.js';
import { webhookNotFound } from './webhooks.errors.js';
import { Webhooks } from './webhooks.read-model.js';
import { type WantedSettings, WebhookSubscriptions } from './webhooks.service.js';

/** Who is told by POST what happens; signed by Standard Webhooks 1.0. */
@ApiTags('webhooks')
@Controller('webhooks')
export class WebhooksController {
  constructor(
    private readonly webhooks: Webhooks,
    private readonly subscriptions: WebhookSubscriptions,
    private readonly audit: AuditTrail,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'listWebhooks', summary: 'Lists the webhook subscriptions of the tenant' })
  @Roles('seller', 'operator', 'support')
  @ApiOkResponse({ type: WebhookListView })
  async list(@CurrentScope() scope: TenantScope): Promise<WebhookListView> {
    return { webhooks: (await this.webhooks.list(scope.tenantId)).map(webhookView) };
  }

  @Post()
  @ApiOperation({
    operationId: 'createWebhook',
    summary: 'Subscribes an address to events',
    description: 'The answer shows the secret, once. The address must be https and of the public internet.',
  })
  @Roles('seller', 'operator')
  @ApiCreatedResponse({ type: CreatedWebhookView })
  async create(@CurrentScope() scope: TenantScope, @Body() body: CreateWebhookBody): Promise<CreatedWebhookView> {
    const { url, description = null, event_types, token_ids, payload } = body;
    const wanted = { url, description, eventTypes: event_types ?? [], tokenIds: token_ids ?? [], payload: payload ?? 'thin' };
    const { id, secret } = await this.subscriptions.create(scope, wanted);
    await this.record(scope, 'webhook.create', id);
    return { ...webhookView(await this.subscriptions.find(scope, id)), secret: secret.reveal() };
  }

  @Get(':webhook_id')
  @ApiOperation({ operationId: 'getWebhook', summary: 'Reads a webhook subscription' })
  @Roles('seller', 'operator', 'support')
  @ApiOkResponse({ type: WebhookView })
  async find(@CurrentScope() scope: TenantScope, @Param('webhook_id') id: string): Promise<WebhookView> {
    return webhookView(await this.subscriptions.find(scope, idOf(id)));
  }

  @Patch(':webhook_id')
  @ApiOperation({ operationId: 'updateWebhook', summary: 'Changes a webhook subscription', description: 'Changes what the body names.' })
  @Roles('seller', 'operator')
  @ApiOkResponse({ type: WebhookView })
  async change(@CurrentScope() scope: TenantScope, @Param('webhook_id') text: string, @Body() body: ChangeWebhookBody): Promise<WebhookView> {
    const id = idOf(text);
    await this.subscriptions.change(scope, id, wantedOf(body));
    await this.record(scope, 'webhook.change', id);
    return webhookView(await this.subscriptions.find(scope, id));
  }

  @Delete(':webhook_id')
  @ApiOperation({ operationId: 'deleteWebhook', summary: 'Deletes a webhook subscription', description: 'Nothing is sent any more, and its log goes with it.' })
  @Roles('seller', 'operator')
  @HttpCode(204)
  @ApiNoContentResponse()
  async remove(@CurrentScope() scope: TenantScope, @Param('webhook_id') text: string): Promise<void> {
    const id = idOf(text);
    await this.subscriptions.remove(scope, id);
    await this.record(scope, 'webhook.delete', id);
  }

  @Post(':webhook_id/secret')
  @ApiOperation({
    operationId: 'rotateWebhookSecret',
    summary: 'Gives a webhook subscription a new secret',
    description:
      'A new secret, shown once; for the overlap every request carries the signatures of both, and of those exchanged before as long as was promised.',
  })
  @Roles('seller', 'operator')
  @HttpCode(200)
  @ApiOkResponse({ type: RotatedSecretView })
  async rotate(@CurrentScope() scope: TenantScope, @Param('webhook_id') text: string, @Body() body: RotateSecretBody): Promise<RotatedSecretView> {
    const id = idOf(text);
    const { secret, previousUntil } = await this.subscriptions.rotate(scope, id, body.overlap_hours ?? USUAL_OVERLAP_HOURS);
    await this.record(scope, 'webhook.rotate_secret', id);
    return { secret: secret.reveal(), previous_secret_until: previousUntil.toISOString() };
  }

  private async record({ actor, roles, tenantId }: TenantScope, action: string, id: string): Promise<void> {
    await this.audit.record({ actor, actorRoles: [...roles], tenantId, action, subject: { webhook_id: id }, reason: null, requestId: null });
  }
}

function idOf(text: string): string {
  if (!isUUID(text, 'loose')) throw webhookNotFound();
  return text;
}

/** What the body names; null of the description takes it away, null of anything else says nothing. */
function wantedOf({ url, description, event_types, token_ids, payload, state }: ChangeWebhookBody): Parameters<WebhookSubscriptions['change']>[2] {
  const named = { url, eventTypes: event_types, tokenIds: token_ids, payload, state };
  const wanted = Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined && value !== null)) as Partial<WantedSettings>;
  return description === undefined ? wanted : { ...wanted, description };
}
