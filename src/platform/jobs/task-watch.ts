import { Injectable, Logger } from '@nestjs/common';
import { RunStopped } from './job-run.js';
import type { TaskClaim } from './task.js';
import { TaskLedger } from './task-ledger.js';

/** Half of the 3 s within which a revoked run stops, and ten beats within the 15 s after which a silent run is taken over. */
const BEAT_MS = 1_500;
/** A run whose beats cannot be written ends before another may take its task over. */
const UNHEARD_AFTER_MS = 12_000;

export interface WatchedRun {
  readonly signal: AbortSignal;
  /** Says at once that the task is no longer this run's. */
  lose(): void;
  end(): void;
}

/** Writes the heartbeats of this process's runs, and hears from them that a task was revoked or taken over. */
@Injectable()
export class TaskWatch {
  private readonly logger = new Logger('tasks');
  private readonly runs = new Map<string, WatchedRun>();

  constructor(private readonly ledger: TaskLedger) {}

  start(claim: TaskClaim): WatchedRun {
    const lost = new AbortController();
    let heardAt = performance.now();
    const beat = async () => {
      const askedAt = performance.now();
      const ours = await this.beat(claim);
      if (ours === true) heardAt = askedAt;
      if (ours === false || performance.now() - heardAt > UNHEARD_AFTER_MS) run.lose();
    };
    const timer = setInterval(() => void beat(), BEAT_MS);
    const run: WatchedRun = {
      signal: lost.signal,
      lose: () => {
        clearInterval(timer);
        lost.abort(new RunStopped('not-owner'));
      },
      end: () => {
        clearInterval(timer);
        if (this.runs.get(claim.id) === run) this.runs.delete(claim.id);
      },
    };
    this.runs.set(claim.id, run);
    return run;
  }

  /** Ends a run of this process without waiting for its next beat. */
  lose(taskId: string): void {
    this.runs.get(taskId)?.lose();
  }

  /** Null when the database did not say. */
  private async beat(claim: TaskClaim): Promise<boolean | null> {
    try {
      return await this.ledger.beat(claim);
    } catch (error) {
      this.logger.warn('a heartbeat was not written', { task_id: claim.id }, error);
      return null;
    }
  }
}
