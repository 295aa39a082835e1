import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Redis } from 'ioredis';
import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { CONFIGURATION, type Configuration } from '../../config/configuration.js';
import { addressGroup } from './address-group.js';
import type { Allowance, Policy } from './allowance.js';

const WINDOW_SECONDS = 60;
/** Redis answers in under a millisecond; a request must not hang on one that does not. */
const COMMAND_TIMEOUT_MS = 300;
/** Without Redis the service starts all the same, and counts in memory until it is there. */
const START_PATIENCE_MS = 2_000;

interface Counted {
  readonly remaining: number;
  readonly resetSeconds: number;
  readonly isSpent: boolean;
}

/** The limiter rejects when the window is used up; what it counted is not to be relied on then, it may answer from memory. */
async function count(limiter: RateLimiterAbstract, key: string): Promise<Counted> {
  try {
    const counted = await limiter.consume(key);
    return { remaining: Math.max(0, counted.remainingPoints), resetSeconds: seconds(counted), isSpent: false };
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) return { remaining: 0, resetSeconds: seconds(refusal), isSpent: true };
    throw refusal;
  }
}

interface Counting {
  readonly policy: Policy;
  readonly limit: number;
  readonly limiter: RateLimiterAbstract;
}

const seconds = ({ msBeforeNext }: RateLimiterRes) => Math.max(1, Math.ceil(msBeforeNext / 1_000));

/**
 * How much one tenant, and one address without a valid token, may ask of the interface. Counted in Redis over all processes where there is
 * one, else in each process: a count in PostgreSQL would cost every read a write.
 */
@Injectable()
export class RateLimits implements OnModuleInit, OnApplicationShutdown {
  readonly #redis: Redis | null;
  readonly #all: Counting | null;
  readonly #outgoing: Counting | null;
  readonly #refusals: RateLimiterMemory | null;

  constructor(@Inject(CONFIGURATION) { http, redis, role }: Configuration) {
    const { requestsPerMinute, outgoingPerMinute, refusalsPerMinute } = http.limits;
    const counts = (requestsPerMinute > 0 || outgoingPerMinute > 0) && (role === 'api' || role === 'all');
    this.#redis = counts && redis ? connection(redis.url.reveal()) : null;
    const counting = (policy: Policy, limit: number) => (counts && limit > 0 ? { policy, limit, limiter: tenantLimiter(policy, limit, this.#redis) } : null);
    this.#all = counting('tenant', requestsPerMinute);
    this.#outgoing = counting('outgoing', outgoingPerMinute);
    this.#refusals = refusalsPerMinute > 0 ? new RateLimiterMemory({ points: refusalsPerMinute, duration: WINDOW_SECONDS }) : null;
  }

  /** Counts a request of a tenant; what one limit refuses the next does not count. @returns what is left of each limit, the narrowest last; none where none is set */
  async ofTenant(tenantId: string, reachesOut: boolean): Promise<Allowance[]> {
    const allowances: Allowance[] = [];
    for (const counting of [this.#all, reachesOut ? this.#outgoing : null]) {
      if (!counting || allowances.some(({ isSpent }) => isSpent)) continue;
      const { policy, limit, limiter } = counting;
      allowances.push({ policy, limit, windowSeconds: WINDOW_SECONDS, ...(await count(limiter, tenantId)) });
    }
    return allowances;
  }

  /** Counts a refused request of an address (IPv6: of its /64). @returns seconds to wait when there were too many, else null */
  async ofRefused(address: string): Promise<number | null> {
    if (!this.#refusals) return null;
    const { isSpent, resetSeconds } = await count(this.#refusals, addressGroup(address));
    return isSpent ? resetSeconds : null;
  }

  /** A process that counts alone for its first requests would let a tenant begin anew with every restart. */
  async onModuleInit(): Promise<void> {
    const redis = this.#redis;
    if (!redis || redis.status === 'ready') return;
    const ready = new Promise<void>((resolve) => redis.once('ready', resolve));
    await Promise.race([ready, delay(START_PATIENCE_MS, undefined, { ref: false })]);
  }

  onApplicationShutdown(): void {
    this.#redis?.disconnect();
  }
}

function connection(url: string): Redis {
  const redis = new Redis(url, { maxRetriesPerRequest: 0, enableOfflineQueue: false, commandTimeout: COMMAND_TIMEOUT_MS });
  // Without a listener a lost connection would end the process; the count goes on in memory meanwhile.
  redis.on('error', () => undefined);
  return redis;
}

function tenantLimiter(policy: Policy, points: number, redis: Redis | null): RateLimiterAbstract {
  const keyPrefix = policy === 'tenant' ? 'http:requests' : 'http:outgoing';
  const memory = new RateLimiterMemory({ points, duration: WINDOW_SECONDS, keyPrefix });
  if (!redis) return memory;
  // A tenant that is over its limit is not counted on in Redis: refusing must cost less than answering.
  const settings = { points, duration: WINDOW_SECONDS, keyPrefix, inMemoryBlockOnConsumed: points + 1 };
  return new RateLimiterRedis({ ...settings, storeClient: redis, rejectIfRedisNotReady: true, insuranceLimiter: memory });
}
