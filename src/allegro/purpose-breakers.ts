import { Inject, Injectable, Logger, Optional, type OnApplicationShutdown } from '@nestjs/common';
import CircuitBreaker from 'opossum';
import { AllegroProblem } from './allegro.errors.js';
import type { Purpose } from './call-context.js';
import { TRANSPORT_LIMITS, type TransportLimits } from './transport-limits.js';

export type BreakerState = 'closed' | 'half-open' | 'open';
export const PURPOSES: readonly Purpose[] = ['orders', 'shipments', 'events', 'me', 'oauth'];
export const LIMITS = Symbol('transport limits');

type Work = () => Promise<unknown>;
type Breaker = CircuitBreaker<[Work]>;

/** Failures are judged over a minute: quiet accounts poll a few times in it. */
const JUDGED_OVER_MS = 60_000;
/** Fewer calls than this prove nothing. */
const CALLS_TO_JUDGE = 10;
const FAILURE_PERCENT = 50;
/** Above the longest request with its retries: the breaker's own clock is only the last line. */
const ABOVE_TOTAL_MS = 5_000;

/** One circuit breaker per part of Allegro. It opens when Allegro is down, not when one account or one order is refused. */
@Injectable()
export class PurposeBreakers implements OnApplicationShutdown {
  readonly #logger = new Logger('allegro');
  readonly #breakers: ReadonlyMap<Purpose, Breaker>;
  readonly #resetMs: number;

  constructor(@Optional() @Inject(LIMITS) limits: TransportLimits = TRANSPORT_LIMITS) {
    this.#resetMs = limits.breakerResetMs;
    this.#breakers = new Map(PURPOSES.map((purpose) => [purpose, this.#create(purpose, limits)]));
  }

  /** Refuses at once while the breaker is open or its one probe is under way. @throws AllegroProblem of kind `unavailable` */
  refuseIfOpen(purpose: Purpose): void {
    const breaker = this.#breaker(purpose);
    if (breaker.opened || (breaker.halfOpen && !breaker.pendingClose)) throw this.#open();
  }

  /** True when the next run is the probe, which must not be retried. */
  isProbing(purpose: Purpose): boolean {
    return this.#breaker(purpose).halfOpen;
  }

  /** @throws AllegroProblem; of kind `unavailable` without running the work when the breaker is open */
  async run<T>(purpose: Purpose, work: () => Promise<T>): Promise<T> {
    try {
      return (await this.#breaker(purpose).fire(work)) as T;
    } catch (error) {
      if (error instanceof Error && CircuitBreaker.isOurError(error)) throw this.#open();
      throw error;
    }
  }

  state(purpose: Purpose): BreakerState {
    const breaker = this.#breaker(purpose);
    if (breaker.closed) return 'closed';
    return breaker.halfOpen ? 'half-open' : 'open';
  }

  onApplicationShutdown(): void {
    for (const breaker of this.#breakers.values()) breaker.shutdown();
  }

  #create(purpose: Purpose, limits: TransportLimits): Breaker {
    const breaker: Breaker = new CircuitBreaker((work: Work) => work(), {
      name: purpose,
      timeout: limits.totalMs.backfill + ABOVE_TOTAL_MS,
      resetTimeout: limits.breakerResetMs,
      rollingCountTimeout: JUDGED_OVER_MS,
      rollingCountBuckets: 12,
      rollingPercentilesEnabled: false,
      enableSnapshots: false,
      volumeThreshold: CALLS_TO_JUDGE,
      errorThresholdPercentage: FAILURE_PERCENT,
      // True counts as success. A probe given up by its caller has proved nothing, so it must not close the breaker.
      errorFilter: (error: unknown) => error instanceof AllegroProblem && error.blame !== 'allegro' && !(breaker.halfOpen && error.kind === 'cancelled'),
    });
    breaker.on('open', () => this.#logger.error(`Allegro (${purpose}) fails: no request for ${limits.breakerResetMs / 1_000} s, then one probe at a time`));
    breaker.on('close', () => this.#logger.log(`Allegro (${purpose}) answers again`));
    return breaker;
  }

  #breaker(purpose: Purpose): Breaker {
    const breaker = this.#breakers.get(purpose);
    if (breaker === undefined) throw new Error(`no breaker for ${purpose}`);
    return breaker;
  }

  #open(): AllegroProblem {
    return new AllegroProblem({
      kind: 'unavailable',
      blame: 'allegro',
      code: 'ALLEGRO_CIRCUIT_OPEN',
      detail: 'Allegro failed repeatedly and is left alone for a moment.',
      retryAfterSeconds: Math.max(1, Math.ceil(this.#resetMs / 1_000)),
    });
  }
}
