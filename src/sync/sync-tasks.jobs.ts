import { Injectable } from '@nestjs/common';
import type { JsonObject } from '../core/json.js';
import { PostponeTask } from '../platform/jobs/postpone-task.js';
import type { Task } from '../platform/jobs/task.js';
import { TaskHandlers, type TaskRun } from '../platform/jobs/task-handlers.js';
import { Leaders } from '../tokens/leaders.service.js';
import { needsReauth } from '../tokens/tokens.errors.js';
import { AccountSync, type SyncRequest } from './account-sync.service.js';
import { retryTime } from './retry-time.js';

/** Another run of the account goes on: looked at again soon, so that a person does not wait long behind it. */
const BUSY_PAUSE_MS = 1_000;

/** The syncs people ask for: `sync_incremental` (the journal) and `sync_full` (checkout forms by date). */
@Injectable()
export class SyncTasks {
  constructor(
    handlers: TaskHandlers,
    private readonly leaders: Leaders,
    private readonly syncs: AccountSync,
  ) {
    handlers.register('sync_incremental', (task, run) => this.run(task, run, { syncType: 'incremental', from: null }));
    handlers.register('sync_full', (task, run) => this.run(task, run, { syncType: 'full', from: instantOf(task.params.from) }));
  }

  private async run(task: Task, run: TaskRun, what: Pick<SyncRequest, 'syncType' | 'from'>): Promise<JsonObject> {
    const accountId = task.accountId ?? '';
    const tokenId = await this.leaders.leaderOf(accountId);
    if (tokenId === null) throw needsReauth();
    const outcome = await this.syncs.run({
      ...what,
      tenantId: task.tenantId,
      accountId,
      tokenId,
      taskId: task.id,
      signal: run.signal,
      // Revoking reaches the run through its signal.
      mayRun: () => Promise.resolve(true),
      onProgress: (fraction) => run.progress(fraction),
    });
    if (outcome.kind === 'busy') throw new PostponeTask(new Date(Date.now() + BUSY_PAUSE_MS), 'waits for another sync of the account');
    if (outcome.end.status === 'COMPLETED') return outcome.tally.summary();
    throw this.afterFailure(outcome.end.cause, run.signal);
  }

  /** An outage of Allegro is no failure of the task: it waits. Everything else is for the runner of tasks to judge. */
  private afterFailure(cause: unknown, signal: AbortSignal): unknown {
    const retryAt = signal.aborted ? null : retryTime(cause, { now: new Date(), failures: 1, jitter: Math.random() });
    return retryAt === null ? cause : new PostponeTask(retryAt.at, retryAt.reason);
  }
}

function instantOf(value: unknown): Date | null {
  return typeof value === 'string' ? new Date(value) : null;
}
