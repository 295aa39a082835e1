import { setTimeout as delay } from 'node:timers/promises';
import { createRedisBackend, type IQueueBackend, type RedisQueueBackend, type WorkerOptions } from 'bullmq';
import { Redis, type RedisOptions } from 'ioredis';
import type { Secret } from '../../core/secret.js';
import { QueueBackends } from './queue-backends.js';
import { LOCK_MS, MAX_STALLED_COUNT, STALLED_CHECK_MS } from './queue-settings.js';

/** A request that creates a task waits no longer for Redis; the row is the record anyway. */
const PRODUCER_TIMEOUT_MS = 2_000;
/** The longest pause between two attempts to reconnect: below the supervision's patience. */
const LONGEST_RECONNECT_MS = 2_000;
const RECONNECT_STEP_MS = 100;
/** A Redis on the same machine answers in milliseconds; without it the service starts all the same. */
const START_PATIENCE_MS = 2_000;

const reconnect = (attempt: number) => Math.min(attempt * RECONNECT_STEP_MS, LONGEST_RECONNECT_MS);
/** Fails at once while Redis is away. */
const IMPATIENT: RedisOptions = {
  enableOfflineQueue: false,
  maxRetriesPerRequest: 1,
  commandTimeout: PRODUCER_TIMEOUT_MS,
  connectTimeout: PRODUCER_TIMEOUT_MS,
  retryStrategy: reconnect,
};
/** A job that runs while Redis is away is finished when it is back. */
const PATIENT: RedisOptions = { maxRetriesPerRequest: null, retryStrategy: reconnect };

/** Three connections a process: one that adds, one that runs, and the dispatcher's, which blocks. */
export class RedisQueueBackends extends QueueBackends {
  readonly kind = 'redis';
  /** The default of 10,000 costs 409 KB of Redis for each queue. */
  readonly eventsKept = 0;
  private readonly adding: Redis;
  private readonly running: Redis;
  private readonly producers: RedisQueueBackend;
  private readonly runners: RedisQueueBackend;

  /** @param onError hears of lost connections; they are repaired in the background */
  constructor(url: Secret, onError: (error: Error) => void) {
    super();
    this.adding = new Redis(url.reveal(), IMPATIENT);
    this.running = new Redis(url.reveal(), PATIENT);
    for (const client of [this.adding, this.running]) client.on('error', onError);
    // The version check asks Redis once, and a connection that breaks during it would stay unusable for ever.
    this.producers = createRedisBackend('producers', { connection: this.adding, skipVersionCheck: true });
    const settings = { connection: this.running, lockDuration: LOCK_MS, stalledInterval: STALLED_CHECK_MS, maxStalledCount: MAX_STALLED_COUNT };
    this.runners = createRedisBackend('runners', settings);
    for (const backend of [this.producers, this.runners]) backend.on('error', onError);
  }

  override producer(queueName: string): IQueueBackend {
    return this.producers.forQueue(queueName);
  }

  override runner(queueName: string): IQueueBackend {
    return this.runners.forQueue(queueName);
  }

  override dispatcher(queueName: string, options: WorkerOptions): IQueueBackend {
    return createRedisBackend(queueName, { ...options, connection: this.running }, { withBlockingConnection: true });
  }

  override async open(): Promise<void> {
    // Reads and flags work without Redis, and owed work waits in its rows: an outage is no reason not to start.
    const ready = this.producers.waitUntilReady();
    await Promise.race([ready, delay(START_PATIENCE_MS, undefined, { ref: false })]);
  }

  override isReachable(): boolean {
    return this.adding.status === 'ready';
  }

  override async ping(): Promise<void> {
    await this.adding.ping();
  }

  override async sweep(): Promise<void> {
    // Finished jobs and events are removed as they end.
  }

  override async close(): Promise<void> {
    await Promise.all([this.producers.close(true), this.runners.close(true)]);
    for (const client of [this.adding, this.running]) client.disconnect();
  }
}
