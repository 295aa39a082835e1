import { Inject, Injectable } from '@nestjs/common';
import { CONFIGURATION, type Configuration } from '../platform/config/configuration.js';
import { Database } from '../platform/database/database.js';
import { query, type Transaction } from '../platform/database/transaction.js';
import type { Task } from '../platform/jobs/task.js';
import { Tasks } from '../platform/jobs/tasks.service.js';
import { spreadSeconds } from './spread.js';
import { type ExpiringToken, TokenPairs } from './token-pairs.read-model.js';

export const REFRESH_TOKEN = 'refresh_token';
export const REFRESH_BATCH = 'refresh_expiring_tokens';
/** Refreshed within the last hour of 12: time for the spread, for retries and for an outage, and only one refresh in 11 h. */
export const EXPIRING_WITHIN_SECONDS = 3_600;
/** A batch of the service itself belongs to no tenant: no tenant's name is empty. */
export const OWN_TENANT = '';
/** One statement's worth; the next batch takes the rest. */
const MOST_PER_BATCH = 2_000;

export interface Batch {
  readonly task: Task;
  readonly tokens: number;
}

/** Plans the refresh of tokens that end soon: one task a token, spread over time, under one parent. */
@Injectable()
export class ExpiringTokens {
  constructor(
    private readonly database: Database,
    private readonly pairs: TokenPairs,
    private readonly tasks: Tasks,
    @Inject(CONFIGURATION) private readonly config: Configuration,
  ) {}

  /**
   * Creates the tasks of all tokens that end within an hour and have none yet.
   * @param tenantId whose history shows the parent task
   * @returns null when there is nothing to refresh
   */
  async plan(tenantId: string): Promise<Batch | null> {
    const batch = await this.database.transaction(async (tx) => {
      // Schedulers of several processes plan one after another, so no token gets two tasks.
      await query(tx, `select pg_advisory_xact_lock(hashtext('plan the refresh of expiring tokens'))`);
      const expiring = await this.pairs.expiring(tx, this.config.allegro.environment, { withinSeconds: EXPIRING_WITHIN_SECONDS, limit: MOST_PER_BATCH });
      return expiring.length === 0 ? null : this.create(tx, tenantId, expiring);
    });
    if (batch) await this.tasks.wake(batch.task);
    return batch;
  }

  private async create(tx: Transaction, tenantId: string, expiring: readonly ExpiringToken[]): Promise<Batch> {
    const task = await this.tasks.create(tx, {
      tenantId,
      queueKey: 'maintenance',
      taskType: REFRESH_BATCH,
      params: { tokens: expiring.length },
      description: `Refresh ${expiring.length} tokens that end soon`,
    });
    const due = spreadSeconds(expiring.length, Math.random);
    const now = Date.now();
    for (const [index, token] of expiring.entries()) {
      const dueAt = new Date(now + (due[index] ?? 0) * 1000);
      await this.tasks.create(tx, { ...refreshTask(token), parentTaskId: task.id, dueAt });
    }
    return { task, tokens: expiring.length };
  }
}

function refreshTask(token: ExpiringToken) {
  const { id: tokenId, tenantId, accountId, accountName } = token;
  return {
    tenantId,
    accountId,
    tokenId,
    queueKey: tokenId,
    taskType: REFRESH_TOKEN,
    params: { token_id: tokenId },
    description: `Refresh the token "${accountName}"`,
  };
}
