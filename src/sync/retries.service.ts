import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import type { AccountRef } from '../platform/http/access/account-directory.js';
import type { TenantScope } from '../platform/http/access/tenant-scope.js';
import type { Task } from '../platform/jobs/task.js';
import { Tasks } from '../platform/jobs/tasks.service.js';
import { Leaders } from '../tokens/leaders.service.js';
import { failedOrderNotFound, taskNotRetryable } from './failed-orders.errors.js';
import { dueNow } from './owed-forms.store.js';
import { RequestedSyncs } from './requested-syncs.service.js';
import { retryOf, untriedTasks } from './task-retries.store.js';
import { TaskRevocation } from './task-revocation.service.js';

/** Owed orders that are read again now. */
export interface RetriedOrders {
  readonly orderIds: readonly string[];
  /** The sync that reads them; null when nothing was owed. */
  readonly taskId: string | null;
}

/** A link waits for a person's consent: only a new one helps. */
const STARTED_ANEW = 'link_account';
/** Nobody presses the button for more at once; pressed again it takes the next. */
const MOST_TASKS = 500;

/** Tries again what failed for good, because a person asks. */
@Injectable()
export class Retries {
  constructor(
    private readonly database: Database,
    private readonly syncs: RequestedSyncs,
    private readonly tasks: Tasks,
    private readonly known: TaskRevocation,
    private readonly leaders: Leaders,
  ) {}

  /** @param what one order, or all of a reason. @throws Problem FAILED_ORDER_NOT_FOUND (404), TOKEN_NEEDS_REAUTH (409) */
  async orders(scope: TenantScope, account: AccountRef, what: { orderId: string | null; reason: string | null }): Promise<RetriedOrders> {
    const orderIds = await this.database.transaction((tx) => dueNow(tx, account.accountId, what));
    if (what.orderId !== null && orderIds.length === 0) throw failedOrderNotFound();
    if (orderIds.length === 0) return { orderIds, taskId: null };
    const task = await this.syncs.start(scope, account.tokenId, { kind: 'incremental' });
    return { orderIds, taskId: task.id };
  }

  /** A new task that does what a failed one did; the one that does so already when there is one. @throws Problem TASK_NOT_FOUND (404), TASK_NOT_RETRYABLE (409) */
  async task(scope: TenantScope, taskId: string): Promise<Task> {
    const failed = await this.known.find(scope, taskId);
    if (failed.status !== 'FAILURE') throw taskNotRetryable(`Only a failed task is tried again; this one is ${failed.status}.`);
    if (failed.taskType === STARTED_ANEW) throw taskNotRetryable('A link needs new consent: start it anew.');
    return this.again(failed);
  }

  /** Every failed task of the tenant that nobody has tried again. @returns the new tasks */
  async group(scope: TenantScope, taskType: string | null): Promise<Task[]> {
    const wanted = { tenantId: scope.tenantId, taskType, except: STARTED_ANEW };
    const failed = await this.database.transaction((tx) => untriedTasks(tx, wanted, MOST_TASKS));
    const again: Task[] = [];
    for (const task of failed) again.push(await this.again(task));
    return again;
  }

  private async again(failed: Task): Promise<Task> {
    // What reads from Allegro runs in the queue of the token that leads now; that may be another one than then.
    const leader = failed.accountId === null ? null : await this.leaders.leaderOf(failed.accountId);
    const { tenantId, accountId, tokenId, taskType, params, description, id } = failed;
    const queueKey = failed.queueKey === tokenId ? (leader ?? failed.queueKey) : failed.queueKey;
    const task = await this.database.transaction(async (tx) => {
      const running = await retryOf(tx, id);
      if (running) return running;
      return this.tasks.create(tx, { tenantId, accountId, tokenId, queueKey, taskType, params, description, parentTaskId: id });
    });
    await this.tasks.wake(task);
    return task;
  }
}
