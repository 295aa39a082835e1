import { setInterval } from 'node:timers';

/** Three renewals fit into a lease, and a run that was switched off stops asking Allegro within 5 s. */
const RENEW_EVERY_MS = 3_000;

/** Keeps a run's right to run: renews its lease and asks whether it may go on; aborts the run's signal when either says no. */
export class LeaseKeeper {
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly renew: () => Promise<boolean>,
    private readonly mayRun: () => Promise<boolean>,
    everyMs = RENEW_EVERY_MS,
  ) {
    this.timer = setInterval(() => void this.beat(), everyMs);
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async beat(): Promise<void> {
    try {
      if (!(await this.renew())) this.end('the lease of the account was lost');
      else if (!(await this.mayRun())) this.end('the run was switched off');
    } catch (error) {
      // Without the database nobody knows whether the lease still holds; the run cannot write anyway.
      this.end('the lease of the account could not be renewed', error);
    }
  }

  private end(reason: string, cause?: unknown): void {
    this.stop();
    this.controller.abort(new Error(reason, { cause }));
  }
}
