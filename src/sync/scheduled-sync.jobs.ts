import { Injectable, Logger } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import { JobHandlers } from '../platform/jobs/job-handlers.js';
import type { JobRun } from '../platform/jobs/job-run.js';
import { Leaders } from '../tokens/leaders.service.js';
import { AccountSync, type SyncOutcome, type SyncRequest } from './account-sync.service.js';
import { pauseAfter, retryTime } from './retry-time.js';
import { scheduledFullFrom } from './schedule-times.js';
import {
  isScheduleActive,
  noteNotEnqueued,
  type ScheduledRun,
  scheduleFailed,
  scheduleFinished,
  scheduleHeld,
  scheduleStarted,
} from './sync-schedules.store.js';

/** The periodic syncs. The schedule's row is their record; a run row is written only when something changed or failed. */
@Injectable()
export class ScheduledSync {
  private readonly logger = new Logger('sync');

  constructor(
    jobs: JobHandlers,
    private readonly database: Database,
    private readonly leaders: Leaders,
    private readonly syncs: AccountSync,
  ) {
    jobs.register('scheduled-sync', ({ tokenId }, run) => this.run(tokenId, run));
  }

  private async run(tokenId: string, job: JobRun): Promise<void> {
    const run = await this.database.transaction((tx) => scheduleStarted(tx, tokenId));
    if (!run) return;
    const leader = await this.leaders.leaderOf(run.accountId);
    if (leader === null) {
      await this.database.transaction((tx) => scheduleHeld(tx, tokenId));
      return;
    }
    const outcome = await this.syncBoth(run, leader, job);
    await this.settle(run, outcome);
  }

  /** The journal first: it is what people wait for. */
  private async syncBoth(run: ScheduledRun, leader: string, job: JobRun): Promise<SyncOutcome> {
    const incremental = await this.syncs.run(this.request(run, leader, job));
    if (run.fullDueSince === null || incremental.kind === 'busy' || incremental.end.status !== 'COMPLETED') return incremental;
    return this.syncs.run({ ...this.request(run, leader, job), syncType: 'full', from: scheduledFullFrom(new Date()) });
  }

  private request(run: ScheduledRun, leader: string, job: JobRun): SyncRequest {
    return {
      tenantId: run.tenantId,
      accountId: run.accountId,
      tokenId: leader,
      taskId: null,
      syncType: 'incremental',
      from: null,
      signal: job.signal,
      mayRun: () => this.database.transaction((tx) => isScheduleActive(tx, run.tokenId)),
    };
  }

  private async settle(run: ScheduledRun, outcome: SyncOutcome): Promise<void> {
    if (outcome.kind === 'ended' && outcome.end.status === 'COMPLETED') {
      await this.database.transaction((tx) => scheduleFinished(tx, run, { full: run.fullDueSince !== null }));
      return;
    }
    if (outcome.kind === 'ended' && outcome.end.status === 'FAILED') {
      await this.fail(run, outcome.end.cause, outcome.end.error ?? '');
      return;
    }
    // Busy or told to stop: it stays due, and another turn or process takes it at once.
    await this.database.transaction((tx) => noteNotEnqueued(tx, [run.tokenId]));
  }

  private async fail(run: ScheduledRun, cause: unknown, error: string): Promise<void> {
    const history = { now: new Date(), failures: run.failures + 1, jitter: Math.random() };
    const retryAt = retryTime(cause, history)?.at ?? pauseAfter(history);
    this.logger.warn(`the scheduled sync of token ${run.tokenId} failed`, cause);
    await this.database.transaction((tx) => scheduleFailed(tx, run, retryAt, error));
  }
}
