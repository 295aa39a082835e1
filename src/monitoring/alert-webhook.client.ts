import { Inject, Injectable } from '@nestjs/common';
import { CONFIGURATION, type Configuration } from '../platform/config/configuration.js';
import type { Alert } from './alerts.read-model.js';

/** A receiver that needs longer is tried again at the next turn. */
const ANSWER_WITHIN_MS = 10_000;

/**
 * Sends alerts to the address the operator set. It is the operator's own word, so private addresses are allowed (an alert manager
 * stands beside the service); no redirect leads elsewhere, and no byte of an answer is read.
 */
@Injectable()
export class AlertWebhook {
  constructor(@Inject(CONFIGURATION) private readonly config: Configuration) {}

  /** Nothing to do without an address. @throws when the receiver did not take it */
  async send(alert: Alert, signal: AbortSignal): Promise<void> {
    const url = this.config.monitoring.webhookUrl;
    if (!url) return;
    const response = await fetch(url.reveal(), {
      method: 'POST',
      redirect: 'manual',
      headers: { 'content-type': 'application/json', 'user-agent': 'allegro-order-log' },
      body: JSON.stringify(messageOf(alert)),
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]),
    }).catch((error: unknown) => {
      // The cause may name the address, and with it a secret.
      throw new Error(`the receiver of alerts could not be reached (${error instanceof Error ? error.name : 'error'})`);
    });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`the receiver of alerts answered ${String(response.status)}`);
  }
}

function messageOf(alert: Alert) {
  return {
    id: alert.id,
    kind: alert.kind,
    state: alert.state,
    tenant_id: alert.tenantId,
    token_id: alert.tokenId,
    detail: alert.detail,
    figures: alert.figures,
    opened_at: alert.openedAt,
    closed_at: alert.closedAt,
  };
}
