import { Injectable } from '@nestjs/common';
import type { JsonObject } from '../core/json.js';
import { Database } from '../platform/database/database.js';
import type { TenantScope } from '../platform/http/access/tenant-scope.js';
import type { Task } from '../platform/jobs/task.js';
import { Tasks } from '../platform/jobs/tasks.service.js';
import { Leaders } from '../tokens/leaders.service.js';
import { TokenAccounts } from '../tokens/token-accounts.service.js';
import { needsReauth } from '../tokens/tokens.errors.js';
import { type SyncWish, waitingSync } from './requested-syncs.store.js';

/** What a person asks for: the journal (incremental), or the forms of purchases from an instant on (full; null: all Allegro lists). */
export type WishedSync = { readonly kind: 'incremental' } | { readonly kind: 'full'; readonly from: Date | null };

/** Syncs that people ask for. */
@Injectable()
export class RequestedSyncs {
  constructor(
    private readonly database: Database,
    private readonly accounts: TokenAccounts,
    private readonly leaders: Leaders,
    private readonly tasks: Tasks,
  ) {}

  /**
   * A waiting task in the queue of the token that leads the account; the one that waits already when it would do the same.
   * @throws Problem TOKEN_NOT_FOUND (404), TOKEN_DEACTIVATED, TOKEN_NEEDS_REAUTH (409)
   */
  async start(scope: TenantScope, tokenId: string, wished: WishedSync): Promise<Task> {
    const account = await this.accounts.resolveForWrite(scope, tokenId);
    const leader = await this.leaders.leaderOf(account.accountId);
    if (leader === null) throw needsReauth();
    const wish = wishOf(account.accountId, wished);
    const task = await this.database.transaction(async (tx) => {
      const waiting = await waitingSync(tx, wish);
      if (waiting) return waiting;
      const { tenantId, tokenId: asked } = account;
      return this.tasks.create(tx, { ...wish, tenantId, tokenId: asked, queueKey: leader, description: descriptionOf(wished) });
    });
    await this.tasks.wake(task);
    return task;
  }
}

function wishOf(accountId: string, wished: WishedSync): SyncWish {
  if (wished.kind === 'incremental') return { accountId, taskType: 'sync_incremental', params: {} };
  const params: JsonObject = { from: wished.from?.toISOString() ?? null };
  return { accountId, taskType: 'sync_full', params };
}

function descriptionOf(wished: WishedSync): string {
  if (wished.kind === 'incremental') return 'sync of new events';
  return wished.from ? `sync of all orders since ${wished.from.toISOString()}` : 'sync of all orders Allegro lists';
}
