import { Injectable, Logger } from '@nestjs/common';
import type { Counter } from 'prom-client';
import { Database } from '../platform/database/database.js';
import type { Transaction } from '../platform/database/transaction.js';
import { Metrics } from '../platform/observability/metrics.js';
import { type AfterFailure, afterFailure, isDelivered } from './after-answer.js';
import type { EndedAnswer } from './answer.js';
import { addAttempt, type ClaimedDelivery, endAttempt, lockTrouble, noteFailure, noteSuccess } from './deliveries.store.js';
import { WEBHOOK_PING } from './event-types.js';
import { WebhookVault } from './webhook-vault.service.js';
import { disableWebhook, oweNotice } from './webhooks.store.js';

/** One request and what came of it. */
export interface Sent {
  readonly claim: string;
  readonly delivery: ClaimedDelivery;
  readonly answer: EndedAnswer;
  readonly startedAt: Date;
  readonly durationMs: number;
}

const outcomeOf = (answer: EndedAnswer): string => {
  if (isDelivered(answer)) return 'delivered';
  return answer.kind === 'failed' ? answer.failure : 'refused';
};

/** Writes down how an attempt ended and what follows from it, in one transaction. */
@Injectable()
export class Settlement {
  private readonly logger = new Logger('webhooks');
  private readonly attempts: Counter;
  private readonly disabled: Counter;

  constructor(
    private readonly database: Database,
    private readonly vault: WebhookVault,
    metrics: Metrics,
  ) {
    this.attempts = metrics.counter({ name: 'webhook_attempts_total', help: 'Requests to receivers of webhooks, by what came of them', labels: ['outcome'] });
    this.disabled = metrics.counter({ name: 'webhooks_disabled_total', help: 'Webhooks switched off because of their receivers', labels: ['reason'] });
  }

  /** What was sent by a process that had lost its claim meanwhile changes nothing: another one sends it again under the same id. */
  async settle(sent: Sent): Promise<void> {
    const disabled = await this.database.transaction((tx) => this.settleIn(tx, sent));
    this.attempts.inc({ outcome: outcomeOf(sent.answer) });
    if (disabled === null) return;
    this.disabled.inc({ reason: disabled });
    this.logger.error('a webhook was switched off because of its receiver', { webhook: sent.delivery.webhookId, reason: disabled });
  }

  /** @returns why the webhook was switched off, null when it was not */
  private async settleIn(tx: Transaction, sent: Sent): Promise<AfterFailure['disable']> {
    const { delivery, answer } = sent;
    if (isDelivered(answer)) {
      // The webhook's row before the delivery's, as everywhere: two transactions would wait for each other otherwise.
      await noteSuccess(tx, delivery.webhookId);
      await this.end(tx, sent, { nextAttemptAt: null, delivered: true });
      return null;
    }
    const trouble = await lockTrouble(tx, delivery.webhookId);
    if (!trouble) return null;
    const { failures: deliveryFailures, giveUpAt } = delivery;
    const failing = { deliveryFailures, giveUpAt, webhookFailures: trouble.failures, failingSince: trouble.failingSince };
    const after = afterFailure(failing, answer, new Date(), Math.random());
    const ended = await this.end(tx, sent, { nextAttemptAt: after.nextAttemptAt, delivered: false });
    // A test that fails tells whoever asked for it and counts against nobody.
    if (!ended || delivery.topic === WEBHOOK_PING) return null;
    await noteFailure(tx, delivery.webhookId, after);
    return after.disable !== null && (await this.disable(tx, delivery.webhookId, after.disable)) ? after.disable : null;
  }

  private async disable(tx: Transaction, webhookId: string, reason: 'gone' | 'failing'): Promise<boolean> {
    if (!(await disableWebhook(tx, webhookId, reason))) return false;
    await oweNotice(tx, webhookId);
    return true;
  }

  private async end(tx: Transaction, sent: Sent, how: { nextAttemptAt: Date | null; delivered: boolean }): Promise<boolean> {
    const { delivery, answer, claim, startedAt, durationMs } = sent;
    const attempt = await endAttempt(tx, { id: delivery.id, claim, ...how });
    if (attempt === null) return false;
    const { id: deliveryId, accountId, orderId } = delivery;
    const status = answer.kind === 'answered' ? answer.status : null;
    await addAttempt(tx, { deliveryId, attempt, accountId, orderId, startedAt, durationMs, outcome: outcomeOf(answer), status, answer: this.kept(sent) });
    return true;
  }

  /** What a receiver says to a delivery it took is of no use, and an echo of it would be one more copy. */
  private kept({ delivery, answer }: Sent): Buffer | null {
    if (answer.kind !== 'answered' || isDelivered(answer) || answer.excerpt.length === 0) return null;
    return this.vault.seal(delivery.id, 'answer', answer.excerpt);
  }
}
