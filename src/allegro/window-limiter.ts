import { RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible';
import type { Grant } from './budget-store.js';
import { shareLimit, type BudgetWindow } from './budget-shares.js';
import type { Share } from './call-context.js';

/** Below this a give-back could land in the next window and enlarge it. */
const TOO_LATE_TO_GIVE_BACK_MS = 250;

/**
 * Shares over one counter: all shares count the same requests, each stops at its own height of the window.
 * What was counted but not granted is given back, or refused history would use up everybody's window.
 */
export class WindowLimiter {
  constructor(
    private readonly limiter: RateLimiterAbstract,
    private readonly window: BudgetWindow,
    private readonly key: string,
  ) {}

  async take(share: Share, count: number): Promise<Grant> {
    const counted = await this.#count(count);
    const beyond = counted.consumedPoints - shareLimit(this.window, share);
    const refused = Math.min(count, Math.max(0, beyond));
    if (refused > 0 && counted.msBeforeNext > TOO_LATE_TO_GIVE_BACK_MS) await this.limiter.reward(this.key, refused);
    return { granted: count - refused, windowEndsInMs: counted.msBeforeNext };
  }

  /** The limiter rejects with the same kind of result when the whole window is used up. */
  async #count(count: number): Promise<RateLimiterRes> {
    try {
      return await this.limiter.consume(this.key, count);
    } catch (refusal) {
      if (refusal instanceof RateLimiterRes) return refusal;
      throw refusal;
    }
  }
}
