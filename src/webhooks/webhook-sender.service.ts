import { Injectable } from '@nestjs/common';
import { Secret } from '../core/secret.js';
import { OrderDocument } from '../orders/order-document.read-model.js';
import { OrderHistory } from '../orders/order-history.service.js';
import type { Answer } from './answer.js';
import type { ClaimedDelivery } from './deliveries.store.js';
import { signedHeaders } from './sign-message.js';
import { messageBody, messageIdOf, type OrderContents } from './webhook-message.js';
import { WebhookReceiver } from './webhook-receiver.client.js';
import { WebhookVault } from './webhook-vault.service.js';

/** Puts a message together at the moment it is sent, signs it and sends it once. */
@Injectable()
export class WebhookSender {
  constructor(
    private readonly documents: OrderDocument,
    private readonly history: OrderHistory,
    private readonly vault: WebhookVault,
    private readonly receiver: WebhookReceiver,
  ) {}

  async send(delivery: ClaimedDelivery, signal: AbortSignal): Promise<Answer> {
    const { webhookId } = delivery;
    const body = messageBody(delivery, await this.contents(delivery));
    const sealed = [delivery.secret, ...delivery.previousSecrets];
    const secrets = sealed.map((secret) => new Secret(this.vault.open(webhookId, 'secret', secret)));
    const signed = signedHeaders(messageIdOf(delivery.id), body, new Date(), secrets);
    const headers = { 'content-type': 'application/json', 'user-agent': 'allegro-order-log', ...signed };
    return this.receiver.post({ url: this.vault.open(webhookId, 'url', delivery.url), headers, body }, signal);
  }

  /** Read now and kept nowhere: whoever was erased since the event is erased in what is sent too. */
  private async contents({ payload, accountId, orderId, tokenId, version, changed }: ClaimedDelivery): Promise<OrderContents | null> {
    if (payload === 'thin' || accountId === null || orderId === null || orderId === '') return null;
    const order = await this.documents.json(accountId, orderId, tokenId);
    if (order === null) return null;
    return { order, diff: version === null ? [] : await this.history.diff(accountId, orderId, { version, changed }) };
  }
}
