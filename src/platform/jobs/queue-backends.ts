import type { ConnectionOptions, IQueueBackend, QueueBaseOptions, WorkerOptions } from 'bullmq';
import { Problem } from '../../core/problem.js';

/**
 * The connections of one process to the datastore of its queues: a fixed number, however many keys have a queue.
 * BullMQ's queues and workers of single keys borrow them and are thrown away after use.
 */
export abstract class QueueBackends {
  abstract readonly kind: 'redis' | 'postgresql';
  /** Events BullMQ keeps for each queue (nobody reads them). */
  abstract readonly eventsKept: number;

  /** For adding jobs: fails at once when the datastore is away. */
  abstract producer(queueName: string): IQueueBackend;
  /** For running the jobs of one key: waits for the datastore to come back. */
  abstract runner(queueName: string): IQueueBackend;
  /** For the one worker of the process that waits for work, with a connection to block on. */
  abstract dispatcher(queueName: string, options: WorkerOptions): IQueueBackend;

  /** Connects. @throws when the service could never work so (a schema that is not migrated); an outage of Redis is waited out. */
  abstract open(): Promise<void>;
  /** False when an add would fail now; answers without asking. */
  abstract isReachable(): boolean;
  /** Asks the datastore. @throws when it does not answer. */
  abstract ping(): Promise<void>;
  /** Removes what no queue removes by itself. */
  abstract sweep(): Promise<void>;
  abstract close(): Promise<void>;

  /** What `@nestjs/bullmq` hands through as the connection of its queue and worker: `queueBackendOf` finds us in it again. */
  asConnection(): ConnectionOptions {
    return this;
  }
}

/** The process-wide factory of BullMQ's backends: every queue and worker is given the connections named in its options. */
export function queueBackendOf(name: string, options: QueueBaseOptions<QueueBackends>, needs?: { withBlockingConnection?: boolean }): IQueueBackend {
  const backends = options.connection;
  if (!(backends instanceof QueueBackends)) throw new Error(`The queue '${name}' was not given this process's connections.`);
  return needs?.withBlockingConnection === true ? backends.dispatcher(name, options) : backends.producer(name);
}

/** Work is owed in PostgreSQL and waits there: the queue only wakes workers. */
export function queueUnavailable(cause?: unknown): Problem {
  const detail = 'The queue cannot be reached; the work is kept and starts once it can.';
  return new Problem('QUEUE_UNAVAILABLE', { status: 503, detail, retry: 'later', cause });
}
