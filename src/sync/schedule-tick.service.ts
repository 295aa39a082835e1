import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import type { Transaction } from '../platform/database/transaction.js';
import { Jobs } from '../platform/jobs/jobs.service.js';
import { OwedWork, type OwedWorkSource } from '../platform/jobs/owed-work.js';
import { Leaders } from '../tokens/leaders.service.js';
import { type ClaimedSchedule, claimDueSchedules, claimStalledSchedules, noteNotEnqueued, scheduleHeld } from './sync-schedules.store.js';

declare module '../platform/jobs/job-catalogue.js' {
  interface JobCatalogue {
    /** One periodic run of a token's schedule. */
    'scheduled-sync': { readonly tokenId: string };
  }
}

/** So many adds fit into the loop's second on the slower backend; what is left waits for the next turn. */
const BATCH = 200;

/** Puts schedules whose time has come into the queue of the token that leads their account, and those again that a queue has lost. */
@Injectable()
export class ScheduleTick implements OwedWorkSource {
  readonly name = 'schedules';

  constructor(
    private readonly database: Database,
    private readonly leaders: Leaders,
    private readonly jobs: Jobs,
    owed: OwedWork,
  ) {
    owed.register(this);
  }

  /** @throws what the queue said when it took nothing more; the rest is tried again next time */
  async enqueueDue(): Promise<number> {
    return (await this.enqueueFrom(claimDueSchedules)) + (await this.enqueueFrom(claimStalledSchedules));
  }

  private async enqueueFrom(claim: (tx: Transaction, limit: number) => Promise<ClaimedSchedule[]>): Promise<number> {
    const claimed = await this.database.transaction((tx) => claim(tx, BATCH));
    let enqueued = 0;
    for (const [index, schedule] of claimed.entries()) {
      try {
        enqueued += await this.enqueue(schedule);
      } catch (error) {
        const left = claimed.slice(index).map(({ tokenId }) => tokenId);
        await this.database.transaction((tx) => noteNotEnqueued(tx, left));
        throw error;
      }
    }
    return enqueued;
  }

  private async enqueue({ tokenId, accountId }: ClaimedSchedule): Promise<number> {
    const leader = await this.leaders.leaderOf(accountId);
    if (leader === null) {
      await this.database.transaction((tx) => scheduleHeld(tx, tokenId));
      return 0;
    }
    await this.jobs.enqueue(leader, 'scheduled-sync', { tokenId });
    return 1;
  }
}
