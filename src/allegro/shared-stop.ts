import { AllegroProblem } from './allegro.errors.js';
import type { BudgetStore, StoredStop } from './budget-store.js';
import { afterFailedProbe, afterThrottled, claimProbe, NO_STOP, stopPhase, type RequestStop, type StopPhase } from './request-stop.js';

/** How long a process may go on without looking at the shared stop: what may still leave after another process met a 429. */
const FRESH_MS = 500;
/** Losing a compare-and-set twice in a row means that others keep the stop up to date. */
const WRITE_ATTEMPTS = 3;
/** Where another process holds the probe, ask again about then. */
const PROBE_ELSEWHERE_MS = 2_000;

/** The stop after a 429 as one process sees it: read with the tokens, at most half a second old, changed by compare-and-set. */
export class SharedStop {
  #known: StoredStop = { stop: NO_STOP, nowMs: 0, version: '' };
  /** Our monotonic clock when the store's said `#known.nowMs`. */
  #knownAtMs = 0;
  #freshUntilMs = 0;
  /** A stop that could not be shared, because the store was out of reach. */
  #ownStopUntilMs = 0;
  #reading: Promise<void> | null = null;

  constructor(private readonly store: Pick<BudgetStore, 'readStop' | 'writeStop'>) {}

  /** Looks at the store unless that happened a moment ago; an unreachable store leaves what was last known. */
  async refresh(): Promise<void> {
    if (performance.now() < this.#freshUntilMs) return;
    this.#reading ??= this.#read().finally(() => {
      this.#reading = null;
    });
    await this.#reading.catch(() => undefined);
  }

  /**
   * Refuses while nothing may be sent. Looks again before it refuses: another process's probe may have ended the stop.
   * @throws AllegroProblem of kind `throttled`
   */
  async refuseIfClosed(): Promise<void> {
    const ownWaitMs = this.#ownStopUntilMs - performance.now();
    if (ownWaitMs > 0) throw stopped(ownWaitMs);
    if (this.#phase().phase === 'closed') await this.refresh();
    const state = this.#phase();
    if (state.phase === 'closed') throw stopped(state.waitMs);
  }

  /** @returns true when this request is the one probe after a stop. @throws AllegroProblem of kind `throttled` */
  async pass(): Promise<boolean> {
    await this.refuseIfClosed();
    if (this.#phase().phase === 'free') return false;
    const claimed = await this.#change(claimProbe);
    if (!claimed) throw stopped(PROBE_ELSEWHERE_MS);
    return true;
  }

  /** A 429 came. @returns seconds until the stop ends */
  async close(retryAfterSeconds: number | null): Promise<number> {
    await this.#change((stop, nowMs) => afterThrottled(stop, nowMs, retryAfterSeconds));
    return Math.max(1, Math.ceil((this.#known.stop.blockedUntilMs - this.#now()) / 1_000));
  }

  async probeEnded(answered: boolean): Promise<void> {
    await this.#change((stop, nowMs) => (answered ? NO_STOP : afterFailedProbe(stop, nowMs)));
  }

  /** For health: whether a stop is known that has not ended by a probe. */
  get active(): boolean {
    return this.#known.stop.strikes > 0;
  }

  /** Where the store cannot be reached, the change holds in this process alone. */
  async #change(rule: (stop: RequestStop, nowMs: number) => RequestStop | null): Promise<boolean> {
    for (let attempt = 1; attempt <= WRITE_ATTEMPTS; attempt += 1) {
      const reached = await this.#read().then(
        () => true,
        () => false,
      );
      const next = rule(this.#known.stop, this.#now());
      if (next === null) return false;
      const written = reached ? await this.store.writeStop(this.#known.version, next).catch(() => null) : null;
      if (written === false) continue;
      this.#adopt(next, written === true);
      return true;
    }
    return false;
  }

  #phase(): StopPhase {
    return stopPhase(this.#known.stop, this.#now());
  }

  #adopt(stop: RequestStop, shared: boolean): void {
    const nowMs = this.#now();
    this.#known = { ...this.#known, stop, nowMs };
    this.#knownAtMs = performance.now();
    // The version has changed with the write: look again before the next decision.
    this.#freshUntilMs = 0;
    if (!shared) this.#ownStopUntilMs = this.#knownAtMs + Math.max(0, stop.blockedUntilMs - nowMs);
  }

  async #read(): Promise<void> {
    this.#known = await this.store.readStop();
    this.#knownAtMs = performance.now();
    this.#freshUntilMs = this.#knownAtMs + FRESH_MS;
  }

  /** The store's clock, carried on by our monotonic one: a jump of this machine's time changes nothing. */
  #now(): number {
    return this.#known.nowMs + (performance.now() - this.#knownAtMs);
  }
}

function stopped(waitMs: number): AllegroProblem {
  return new AllegroProblem({
    kind: 'throttled',
    blame: 'caller',
    detail: 'Allegro asked this application to pause; nothing is sent until then.',
    retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1_000)),
  });
}
