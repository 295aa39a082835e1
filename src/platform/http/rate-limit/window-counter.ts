import type { Redis } from 'ioredis';
import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible';

export const WINDOW_SECONDS = 60;
/** The library counts and we compare: a limit may change, and differ by tenant, while its window goes on. */
const POINTS = 2_147_483_647;
/** Beyond so many the memory of who is over a limit begins anew; they are counted once more then. */
const MOST_SPENT = 10_000;

export interface Counted {
  readonly remaining: number;
  readonly resetSeconds: number;
  readonly isSpent: boolean;
}

interface Spent {
  readonly limit: number;
  readonly untilMs: number;
}

const seconds = (ms: number) => Math.max(1, Math.ceil(ms / 1_000));

/** Counts by key in windows of a minute, in Redis over all processes where one is given, else in this process. */
export class WindowCounter {
  readonly #limiter: RateLimiterAbstract;
  readonly #spent = new Map<string, Spent>();

  constructor(keyPrefix: string, redis: Redis | null) {
    const settings = { points: POINTS, duration: WINDOW_SECONDS, keyPrefix };
    const memory = new RateLimiterMemory(settings);
    this.#limiter = redis ? new RateLimiterRedis({ ...settings, storeClient: redis, rejectIfRedisNotReady: true, insuranceLimiter: memory }) : memory;
  }

  /** Counts one more of a key that may have so many in a window; beyond them nothing is counted: refusing must cost less than answering. */
  async count(key: string, limit: number): Promise<Counted> {
    const spent = this.#spent.get(key);
    const leftMs = spent?.limit === limit ? spent.untilMs - Date.now() : 0;
    if (leftMs > 0) return { remaining: 0, resetSeconds: seconds(leftMs), isSpent: true };
    if (spent) this.#spent.delete(key);
    const { consumedPoints, msBeforeNext } = await this.#limiter.consume(key);
    const isSpent = consumedPoints > limit;
    if (isSpent) this.#remember(key, { limit, untilMs: Date.now() + msBeforeNext });
    return { remaining: Math.max(0, limit - consumedPoints), resetSeconds: seconds(msBeforeNext), isSpent };
  }

  #remember(key: string, spent: Spent): void {
    if (this.#spent.size >= MOST_SPENT) this.#spent.clear();
    this.#spent.set(key, spent);
  }
}
