import type { Grant } from './budget-store.js';
import { nextBatch } from './budget-shares.js';
import { WaitEnded } from './request-gate.js';

interface TokenWaiter {
  resolve(): void;
  reject(error: unknown): void;
}

/** Spread over which waiters of many processes return to a new window. */
const RETURN_SPREAD_MS = 50;

/** The tokens this process holds for one share: taken from the store in small batches, handed out in order of arrival. */
export class SharePool {
  readonly #waiting = new Set<TokenWaiter>();
  #tokens = 0;
  #validUntilMs = 0;
  #batch = 1;
  #filling = false;

  constructor(private readonly source: (count: number) => Promise<Grant>) {}

  /** @throws WaitEnded when the signal fires first, or what the source threw. */
  take(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.reject(new WaitEnded());
    if (this.#waiting.size === 0 && this.#useOne()) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        this.#waiting.delete(waiter);
        reject(new WaitEnded());
      };
      const settled = (): void => signal.removeEventListener('abort', onAbort);
      const waiter: TokenWaiter = {
        resolve: () => {
          settled();
          resolve();
        },
        reject: (error) => {
          settled();
          reject(error instanceof Error ? error : new Error('the budget failed'));
        },
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waiting.add(waiter);
      if (!this.#filling) void this.#fill();
    });
  }

  #useOne(): boolean {
    if (this.#tokens < 1 || performance.now() >= this.#validUntilMs) return false;
    this.#tokens -= 1;
    return true;
  }

  async #fill(): Promise<void> {
    this.#filling = true;
    try {
      while (this.#waiting.size > 0) await this.#oneBatch();
    } catch (error) {
      for (const waiter of this.#waiting) waiter.reject(error);
      this.#waiting.clear();
    } finally {
      this.#filling = false;
    }
  }

  async #oneBatch(): Promise<void> {
    this.#batch = nextBatch(this.#batch, performance.now() < this.#validUntilMs, this.#waiting.size);
    const grant = await this.source(this.#batch);
    this.#tokens = grant.granted;
    this.#validUntilMs = performance.now() + grant.windowEndsInMs;
    for (const waiter of this.#waiting) {
      if (!this.#useOne()) break;
      this.#waiting.delete(waiter);
      waiter.resolve();
    }
    if (grant.granted < this.#batch && this.#waiting.size > 0) await pause(Math.max(1, grant.windowEndsInMs) + Math.random() * RETURN_SPREAD_MS);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
