import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Redis } from 'ioredis';
import { CONFIGURATION, type Configuration } from '../../config/configuration.js';
import { Settings } from '../../settings/settings.service.js';
import { addressGroup } from './address-group.js';
import type { Allowance, Policy } from './allowance.js';
import { OUTGOING_REQUESTS, REFUSED_REQUESTS, TENANT_REQUESTS } from './rate-limit.settings.js';
import { WINDOW_SECONDS, WindowCounter } from './window-counter.js';

/** Redis answers in under a millisecond; a request must not hang on one that does not. */
const COMMAND_TIMEOUT_MS = 300;
/** Without Redis the service starts all the same, and counts in memory until it is there. */
const START_PATIENCE_MS = 2_000;

/** A frontend that polls a code nobody knows any more asks twelve times a minute; this is five of them. */
const MOST_GUESSES = 60;

interface Counting {
  readonly policy: Policy;
  /** As it is now; 0 sets none. */
  readonly limitOf: (tenantId: string) => number;
  readonly counter: WindowCounter;
}

/**
 * How much one tenant, and one address without a valid token, may ask of the interface. Counted in Redis over all processes where there is
 * one, else in each process: a count in PostgreSQL would cost every read a write.
 */
@Injectable()
export class RateLimits implements OnModuleInit, OnApplicationShutdown {
  readonly #redis: Redis | null;
  readonly #all: Counting;
  readonly #outgoing: Counting;
  readonly #refusalLimit: () => number;
  readonly #refusals = new WindowCounter('http:refusals', null);
  readonly #guesses: WindowCounter;

  constructor(@Inject(CONFIGURATION) { redis, role }: Configuration, settings: Settings) {
    this.#redis = redis && (role === 'api' || role === 'all') ? connection(redis.url.reveal()) : null;
    this.#all = { policy: 'tenant', limitOf: settings.live(TENANT_REQUESTS), counter: new WindowCounter('http:requests', this.#redis) };
    this.#outgoing = { policy: 'outgoing', limitOf: settings.live(OUTGOING_REQUESTS), counter: new WindowCounter('http:outgoing', this.#redis) };
    this.#guesses = new WindowCounter('http:guesses', this.#redis);
    this.#refusalLimit = settings.live(REFUSED_REQUESTS);
  }

  /** Counts a request of a tenant; what one limit refuses the next does not count. @returns what is left of each limit, the narrowest last; none where none is set */
  async ofTenant(tenantId: string, reachesOut: boolean): Promise<Allowance[]> {
    const allowances: Allowance[] = [];
    for (const { policy, limitOf, counter } of reachesOut ? [this.#all, this.#outgoing] : [this.#all]) {
      const limit = limitOf(tenantId);
      if (limit === 0 || allowances.some(({ isSpent }) => isSpent)) continue;
      allowances.push({ policy, limit, windowSeconds: WINDOW_SECONDS, ...(await counter.count(tenantId, limit)) });
    }
    return allowances;
  }

  /** Counts a refused request of an address (IPv6: of its /64). @returns seconds to wait when there were too many, else null */
  async ofRefused(address: string): Promise<number | null> {
    const limit = this.#refusalLimit();
    if (limit === 0) return null;
    const { isSpent, resetSeconds } = await this.#refusals.count(addressGroup(address), limit);
    return isSpent ? resetSeconds : null;
  }

  /** Counts a code that a tenant guessed wrong. @returns seconds to wait when there were too many, else null */
  async ofGuess(tenantId: string): Promise<number | null> {
    const { isSpent, resetSeconds } = await this.#guesses.count(tenantId, MOST_GUESSES);
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
