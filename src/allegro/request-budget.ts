import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { CONFIGURATION, type Configuration } from '../platform/config/configuration.js';
import { AllegroProblem } from './allegro.errors.js';
import { aloneLimit, budgetWindow, type BudgetWindow } from './budget-shares.js';
import { BUDGET_STORE, type BudgetStore, type Grant } from './budget-store.js';
import type { Share } from './call-context.js';
import { errorCode } from './error-code.js';
import { SharePool } from './share-pool.js';
import { SharedStop } from './shared-stop.js';

/** Leave to send one request. */
export interface Permit {
  /** The one request after a stop, whose outcome decides for all processes. */
  readonly probe: boolean;
}

/** Longer than a healthy store takes on a machine with five times more work than cores, where 1 s was exceeded; a read of a person waits no longer for it. */
const STORE_TIMEOUT_MS = 3_000;
/** After a failure the store is left alone this long, so that not every request pays the time-out. */
const STORE_PAUSE_MS = 2_000;
/** When history asks again after the store was out of reach. */
const BACKFILL_RETRY_SECONDS = 10;

/** One budget per client_id over all processes, and the stop that a 429 puts on all of them. */
@Injectable()
export class RequestBudget implements OnApplicationShutdown {
  readonly #logger = new Logger('allegro');
  readonly #window: BudgetWindow;
  readonly #stop: SharedStop;
  readonly #pools: Readonly<Record<Share, SharePool>>;
  #storeAwayUntilMs = 0;

  constructor(
    @Inject(CONFIGURATION) config: Configuration,
    @Inject(BUDGET_STORE) private readonly store: BudgetStore,
  ) {
    this.#window = budgetWindow(config.allegro.requestsPerMinute);
    this.#stop = new SharedStop({
      readStop: () => this.#ask(() => store.readStop()),
      writeStop: (version, stop) => this.#ask(() => store.writeStop(version, stop)),
    });
    const pool = (share: Share): SharePool => new SharePool((count) => this.#grant(share, count));
    this.#pools = { interactive: pool('interactive'), live: pool('live'), backfill: pool('backfill') };
  }

  /**
   * Waits for one token of the share and for leave to send.
   * @throws AllegroProblem `throttled` during a stop, `unavailable` for history while the store is out of reach; WaitEnded by the signal
   */
  async permit(share: Share, signal: AbortSignal): Promise<Permit> {
    await this.#stop.refuseIfClosed();
    await Promise.all([this.#stop.refresh(), this.#pools[share].take(signal)]);
    // The wait for a token may have been long; a stop that began meanwhile counts.
    await this.#stop.refresh();
    return { probe: await this.#stop.pass() };
  }

  /** Counts one more request of a call that already has its permit: a retry. */
  async retry(share: Share, signal: AbortSignal): Promise<void> {
    await this.#stop.refuseIfClosed();
    await this.#pools[share].take(signal);
  }

  /** Allegro answered 429: everything stops. @returns seconds until then */
  async throttled(retryAfterSeconds: number | null): Promise<number> {
    const seconds = await this.#stop.close(retryAfterSeconds);
    this.#logger.error(`Allegro answered 429: no process sends anything for ${seconds} s`);
    return seconds;
  }

  /** Must follow a permit that was the probe, unless it met another 429. */
  async probeEnded(answered: boolean): Promise<void> {
    await this.#stop.probeEnded(answered);
  }

  get stopped(): boolean {
    return this.#stop.active;
  }

  /** True while this process sends alone, because the shared store is out of reach. */
  get alone(): boolean {
    return performance.now() < this.#storeAwayUntilMs;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.store.close();
  }

  async #grant(share: Share, count: number): Promise<Grant> {
    try {
      return await this.#ask(() => this.store.take(share, count));
    } catch {
      return this.#alone(share);
    }
  }

  async #ask<T>(work: () => Promise<T>): Promise<T> {
    if (this.alone) throw new Error('the shared store is out of reach');
    try {
      return await withinTime(work());
    } catch (error) {
      this.#storeAwayUntilMs = performance.now() + STORE_PAUSE_MS;
      this.#logger.warn(`the shared request budget is out of reach, this process uses a tenth of it alone: ${errorCode(error) ?? 'no answer'}`);
      throw error;
    }
  }

  /** A fixed rate instead of a window: one token at a time, as far apart as a tenth of the share allows. */
  #alone(share: Share): Grant {
    const most = aloneLimit(this.#window, share);
    if (most > 0) return { granted: 1, windowEndsInMs: Math.ceil((this.#window.seconds * 1_000) / most) };
    throw new AllegroProblem({
      kind: 'unavailable',
      blame: 'caller',
      code: 'ALLEGRO_BUDGET_UNREACHABLE',
      detail: 'The shared request budget is out of reach; reading history waits for it.',
      retryAfterSeconds: BACKFILL_RETRY_SECONDS,
    });
  }
}

async function withinTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), STORE_TIMEOUT_MS);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
