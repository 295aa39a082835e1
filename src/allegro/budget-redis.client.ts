import { Redis } from 'ioredis';
import { RateLimiterRedis } from 'rate-limiter-flexible';
import type { Secret } from '../core/secret.js';
import type { BudgetWindow } from './budget-shares.js';
import type { BudgetStore, Grant, StoredStop } from './budget-store.js';
import type { Share } from './call-context.js';
import { NO_STOP, type RequestStop } from './request-stop.js';
import { WindowLimiter } from './window-limiter.js';

/** A stop lasts an hour at most; twice that, and Redis forgets a stop that nobody probes. */
const FORGET_STOP_MS = 2 * 3_600_000;
/** Redis answers in under a millisecond; a request must not hang on one that does not. */
const COMMAND_TIMEOUT_MS = 3_000;
const NO_VERSION = '';

const COMPARE_AND_SET = `local current = redis.call('get', KEYS[1]) or ''
if current ~= ARGV[1] then return 0 end
redis.call('set', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1`;

/** The shared budget in Redis, over a connection of its own that fails at once instead of queueing. */
export class RedisBudget implements BudgetStore {
  readonly #redis: Redis;
  readonly #limiter: WindowLimiter;
  readonly #stopKey: string;

  constructor(url: Secret, window: BudgetWindow, clientKey: string) {
    this.#redis = new Redis(url.reveal(), { maxRetriesPerRequest: 0, commandTimeout: COMMAND_TIMEOUT_MS });
    // Without a listener a lost connection would end the process; every command reports it by itself.
    this.#redis.on('error', () => undefined);
    const limiter = new RateLimiterRedis({
      storeClient: this.#redis,
      keyPrefix: 'allegro:budget',
      points: window.points,
      duration: window.seconds,
    });
    this.#limiter = new WindowLimiter(limiter, window, clientKey);
    this.#stopKey = `allegro:stop:${clientKey}`;
  }

  take(share: Share, count: number): Promise<Grant> {
    return this.#limiter.take(share, count);
  }

  async readStop(): Promise<StoredStop> {
    const [time, stored] = await Promise.all([this.#redis.time(), this.#redis.get(this.#stopKey)]);
    const nowMs = Number(time[0]) * 1_000 + Math.floor(Number(time[1]) / 1_000);
    return { stop: stored === null ? NO_STOP : (JSON.parse(stored) as RequestStop), nowMs, version: stored ?? NO_VERSION };
  }

  async writeStop(version: string, stop: RequestStop): Promise<boolean> {
    const written = await this.#redis.eval(COMPARE_AND_SET, 1, this.#stopKey, version, JSON.stringify(stop), FORGET_STOP_MS);
    return written === 1;
  }

  async close(): Promise<void> {
    this.#redis.disconnect();
  }
}
