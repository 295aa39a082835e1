import { createPostgresBackend, DEFAULT_SCHEMA, type IQueueBackend, PostgresConnection, PostgresQueueBackend, type WorkerOptions } from 'bullmq';
import { Pool } from 'pg';
import type { Secret } from '../../core/secret.js';
import { QueueBackends } from './queue-backends.js';
import { LOCK_MS, MAX_STALLED_COUNT, STALLED_CHECK_MS } from './queue-settings.js';

/** One of them listens; the others carry short statements of up to eight running jobs. */
const POOL_SIZE = 6;
/** Longest wait for a free connection: a request that creates a task is not kept longer. */
const CONNECTION_TIMEOUT_MS = 5_000;
const STATEMENT_TIMEOUT_MS = 30_000;

/** The queues in PostgreSQL: one small pool a process, whose search path is BullMQ's schema. The schema is migrated by its owner, never here. */
export class PostgresQueueBackends extends QueueBackends {
  readonly kind = 'postgresql';
  /** 0 would never be trimmed there. */
  readonly eventsKept = 1;
  private readonly pool: Pool;
  private readonly shared: PostgresConnection;

  /** @param onError hears of lost connections; the pool opens new ones */
  constructor(url: Secret, onError: (error: Error) => void) {
    super();
    this.pool = new Pool({
      connectionString: url.reveal(),
      max: POOL_SIZE,
      application_name: 'order-log queues',
      options: `-c search_path=${DEFAULT_SCHEMA}`,
      connectionTimeoutMillis: CONNECTION_TIMEOUT_MS,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      keepAlive: true,
    });
    this.pool.on('error', onError);
    this.pool.on('connect', (client) => client.on('error', onError));
    this.shared = new PostgresConnection(this.pool);
  }

  override producer(queueName: string): IQueueBackend {
    return new PostgresQueueBackend(this.shared, queueName, { connection: this.pool }, false);
  }

  override runner(queueName: string): IQueueBackend {
    const settings: WorkerOptions<Pool> = {
      connection: this.pool,
      lockDuration: LOCK_MS,
      stalledInterval: STALLED_CHECK_MS,
      maxStalledCount: MAX_STALLED_COUNT,
    };
    return new PostgresQueueBackend(this.shared, queueName, settings, false);
  }

  override dispatcher(queueName: string, options: WorkerOptions): IQueueBackend {
    return createPostgresBackend(queueName, { ...options, connection: this.pool }, { withBlockingConnection: true });
  }

  override async open(): Promise<void> {
    await this.shared.waitUntilReady();
  }

  /** The queue lives where the rows live: who could write a task can reach it. */
  override isReachable(): boolean {
    return true;
  }

  override async ping(): Promise<void> {
    await this.pool.query('select 1');
  }

  /** Finished jobs that were kept, and the last event of each queue. */
  override async sweep(): Promise<void> {
    await this.pool.query(`delete from job where state in ('completed', 'failed') and finished_at_ms < extract(epoch from now() - interval '1 hour') * 1000`);
    await this.pool.query(`delete from event where created_at_ms < extract(epoch from now() - interval '1 hour') * 1000`);
  }

  override async close(): Promise<void> {
    await this.shared.close();
    await this.pool.end();
  }
}
