import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Secret } from '../core/secret.js';
import { CONFIGURATION, type Configuration } from '../platform/config/configuration.js';
import { Database } from '../platform/database/database.js';
import { scopeMissing } from '../platform/http/access/access.errors.js';
import { AccountDirectory } from '../platform/http/access/account-directory.js';
import { PERSONAL_DATA } from '../platform/http/access/key-scopes.js';
import type { TenantScope } from '../platform/http/access/tenant-scope.js';
import { addressFlaw } from './webhook-address.js';
import { WebhookVault } from './webhook-vault.service.js';
import { addressRefused, secretsOverlap, tooManyWebhooks, webhookNotFound } from './webhooks.errors.js';
import { type Payload, type Webhook, Webhooks } from './webhooks.read-model.js';
import { addWebhook, disableWebhook, enableWebhook, forgetWebhook, rotateSecret, saveSettings, type WebhookSettings } from './webhooks.store.js';

const HOUR_MS = 3_600_000;

export interface WantedSettings {
  readonly url: string;
  readonly description: string | null;
  readonly eventTypes: readonly string[];
  /** Their accounts alone; empty: all accounts of the tenant, also those linked later. */
  readonly tokenIds: readonly string[];
  readonly payload: Payload;
}

/** Subscriptions of a tenant. */
@Injectable()
export class WebhookSubscriptions {
  constructor(
    @Inject(CONFIGURATION) private readonly config: Configuration,
    private readonly database: Database,
    private readonly accounts: AccountDirectory,
    private readonly webhooks: Webhooks,
    private readonly vault: WebhookVault,
  ) {}

  /** @throws Problem WEBHOOK_NOT_FOUND (404) */
  async find({ tenantId }: TenantScope, id: string): Promise<Webhook> {
    const webhook = await this.webhooks.find(tenantId, id);
    if (!webhook) throw webhookNotFound();
    return webhook;
  }

  /** @returns its id and its secret, which nobody is shown again. @throws Problem WEBHOOK_ADDRESS_REFUSED, SCOPE_MISSING, TOKEN_NOT_FOUND, WEBHOOK_LIMIT_REACHED */
  async create(scope: TenantScope, wanted: WantedSettings): Promise<{ id: string; secret: Secret }> {
    const id = randomUUID();
    const settings = await this.settingsOf(scope, id, wanted);
    const secret = this.vault.newSecret();
    const webhook = { ...settings, id, tenantId: scope.tenantId, secret: this.vault.seal(id, 'secret', secret.reveal()) };
    const most = this.webhooks.mostOf(scope.tenantId);
    if (!(await this.database.transaction((tx) => addWebhook(tx, webhook, most)))) throw tooManyWebhooks(most);
    return { id, secret };
  }

  /** Changes what is named and leaves the rest. @throws Problem WEBHOOK_NOT_FOUND and those of `create` */
  async change(scope: TenantScope, id: string, wanted: Partial<WantedSettings> & { readonly state?: Webhook['state'] }): Promise<void> {
    const { state, ...named } = wanted;
    const { url, description, eventTypes, tokenIds, payload } = await this.find(scope, id);
    const settings = await this.settingsOf(scope, id, { url, description, eventTypes, tokenIds, payload, ...named });
    await this.database.transaction(async (tx) => {
      await saveSettings(tx, id, settings);
      if (state === 'active') await enableWebhook(tx, id);
      if (state === 'disabled') await disableWebhook(tx, id, 'by_tenant');
    });
  }

  /** @throws Problem WEBHOOK_NOT_FOUND */
  async remove(scope: TenantScope, id: string): Promise<void> {
    await this.find(scope, id);
    await this.database.transaction((tx) => forgetWebhook(tx, id));
  }

  /** A new secret at once; those before it sign too as long as was promised. @throws Problem WEBHOOK_NOT_FOUND, WEBHOOK_SECRETS_OVERLAP (409) */
  async rotate(scope: TenantScope, id: string, overlapHours: number): Promise<{ secret: Secret; previousUntil: Date }> {
    await this.find(scope, id);
    const secret = this.vault.newSecret();
    const previousUntil = new Date(Date.now() + overlapHours * HOUR_MS);
    const sealed = this.vault.seal(id, 'secret', secret.reveal());
    if (!(await this.database.transaction((tx) => rotateSecret(tx, id, sealed, overlapHours)))) throw secretsOverlap();
    return { secret, previousUntil };
  }

  private async settingsOf(scope: TenantScope, id: string, wanted: WantedSettings): Promise<WebhookSettings> {
    const flaw = addressFlaw(wanted.url, this.config.webhooks.allowLoopback);
    if (flaw !== null) throw addressRefused(flaw);
    // What a caller may not see it must not have sent to an address of its choice either.
    if (wanted.payload === 'full' && !scope.seesPersonalData) throw scopeMissing(PERSONAL_DATA);
    const accountIds: string[] = [];
    for (const tokenId of wanted.tokenIds) accountIds.push((await this.accounts.resolve(scope, tokenId)).accountId);
    const url = this.vault.seal(id, 'url', wanted.url);
    return { ...wanted, url, eventTypes: [...new Set(wanted.eventTypes)], accountIds: [...new Set(accountIds)] };
  }
}
