import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import { OwedWork, type OwedWorkSource } from '../platform/jobs/owed-work.js';
import { Settings } from '../platform/settings/settings.service.js';
import { Leaders } from '../tokens/leaders.service.js';
import { RequestedSweeps } from './requested-sweeps.service.js';
import { SWEPT_DAYS } from './sync.settings.js';
import { claimDueSweeps, type DueSweep, scheduleNewAccounts } from './sweep-schedules.store.js';

const DAY_MS = 86_400_000;
/** New accounts wait hours for their first sweep anyway. */
const LOOK_FOR_NEW_EVERY_MS = 60_000;
/** A turn's worth of tasks; what is left waits for the next turn. */
const BATCH = 50;

/** Sweeps every account by itself: its last days daily, everything Allegro lists weekly. */
@Injectable()
export class SweepSchedule implements OwedWorkSource {
  readonly name = 'sweeps';
  private lookedForNewAt = 0;
  private readonly days: () => number;

  constructor(
    private readonly database: Database,
    private readonly leaders: Leaders,
    private readonly sweeps: RequestedSweeps,
    settings: Settings,
    owed: OwedWork,
  ) {
    this.days = settings.live(SWEPT_DAYS);
    owed.register(this);
  }

  async enqueueDue(): Promise<number> {
    if (this.days() === 0) return 0;
    await this.lookForNew();
    const due = await this.database.transaction((tx) => claimDueSweeps(tx, BATCH));
    let enqueued = 0;
    for (const sweep of due) enqueued += await this.enqueue(sweep);
    return enqueued;
  }

  private async lookForNew(): Promise<void> {
    if (Date.now() - this.lookedForNewAt < LOOK_FOR_NEW_EVERY_MS) return;
    this.lookedForNewAt = Date.now();
    await this.database.transaction((tx) => scheduleNewAccounts(tx));
  }

  /** An account that no token can read now is swept when its next time comes. */
  private async enqueue({ accountId, tenantId, kind }: DueSweep): Promise<number> {
    const leader = await this.leaders.leaderOf(accountId);
    if (leader === null) return 0;
    const from = kind === 'weekly' ? null : new Date(Date.now() - this.days() * DAY_MS);
    await this.sweeps.create({ tenantId, accountId, tokenId: leader }, leader, { from, to: null });
    return 1;
  }
}
