import { Injectable } from '@nestjs/common';
import type { JsonObject } from '../core/json.js';
import { Database } from '../platform/database/database.js';
import type { TenantScope } from '../platform/http/access/tenant-scope.js';
import type { Task } from '../platform/jobs/task.js';
import { Tasks } from '../platform/jobs/tasks.service.js';
import { Leaders } from '../tokens/leaders.service.js';
import { TokenAccounts } from '../tokens/token-accounts.service.js';
import { needsReauth } from '../tokens/tokens.errors.js';
import { waitingSync } from './requested-syncs.store.js';

/** Purchases a sweep goes over; null: as far as Allegro lists them, and up to now. */
export interface WishedSweep {
  readonly from: Date | null;
  readonly to: Date | null;
}

/** Whose account is swept. */
export interface SweptAccount {
  readonly tenantId: string;
  readonly accountId: string;
  readonly tokenId: string;
}

/** Sweeps that people or the schedule ask for. */
@Injectable()
export class RequestedSweeps {
  constructor(
    private readonly database: Database,
    private readonly accounts: TokenAccounts,
    private readonly leaders: Leaders,
    private readonly tasks: Tasks,
  ) {}

  /** @throws Problem TOKEN_NOT_FOUND (404), TOKEN_DEACTIVATED, TOKEN_NEEDS_REAUTH (409) */
  async start(scope: TenantScope, tokenId: string, wished: WishedSweep): Promise<Task> {
    const account = await this.accounts.resolveForWrite(scope, tokenId);
    const leader = await this.leaders.leaderOf(account.accountId);
    if (leader === null) throw needsReauth();
    return this.create(account, leader, wished);
  }

  /** A waiting task in the leader's queue; the one that waits already when it would do the same. */
  async create({ tenantId, accountId, tokenId }: SweptAccount, leader: string, wished: WishedSweep): Promise<Task> {
    const params: JsonObject = { from: wished.from?.toISOString() ?? null, to: wished.to?.toISOString() ?? null };
    const wish = { accountId, taskType: 'sweep', params } as const;
    const task = await this.database.transaction(async (tx) => {
      const waiting = await waitingSync(tx, wish);
      return waiting ?? this.tasks.create(tx, { ...wish, tenantId, tokenId, queueKey: leader, description: descriptionOf(wished) });
    });
    await this.tasks.wake(task);
    return task;
  }
}

function descriptionOf({ from, to }: WishedSweep): string {
  const since = from ? `since ${from.toISOString()}` : 'Allegro lists';
  return `sweep of all orders ${since}${to ? ` until ${to.toISOString()}` : ''}`;
}
