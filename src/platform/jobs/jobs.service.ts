import { randomUUID } from 'node:crypto';
import { InjectQueue } from '@nestjs/bullmq';
import { Injectable, Logger } from '@nestjs/common';
import { type JobsOptions, Queue } from 'bullmq';
import { Problem } from '../../core/problem.js';
import type { JobCatalogue, JobName, JobPayload } from './job-catalogue.js';
import { JobMetrics } from './job-metrics.js';
import { QueueBackends, queueUnavailable } from './queue-backends.js';
import { deduplicationId, deduplicationOf, DISPATCH_ATTEMPTS, DISPATCH_BACKOFF_MS, DISPATCH_QUEUE, queueNameOf } from './queue-settings.js';

const REMOVED: JobsOptions = { removeOnComplete: true, removeOnFail: true };

/** Puts jobs into the queue of their key and tells the workers that the key has work. */
@Injectable()
export class Jobs {
  private readonly logger = new Logger('jobs');

  constructor(
    private readonly backends: QueueBackends,
    private readonly metrics: JobMetrics,
    @InjectQueue(DISPATCH_QUEUE) private readonly dispatch: Queue,
  ) {
    dispatch.on('error', (error) => this.logger.warn('the dispatch queue reports an error', error));
  }

  /**
   * Wakes a worker for `name`, serially with everything of the same key. At most one such job is active and one pending:
   * an add made while it is active runs afterwards.
   * @throws Problem QUEUE_UNAVAILABLE at once when the queue cannot be reached; what is owed is a row and the due-work loop adds it later
   */
  async enqueue<N extends JobName>(queueKey: string, name: N, payload: JobCatalogue[N]): Promise<void> {
    try {
      if (!this.backends.isReachable()) throw queueUnavailable();
      await this.addToKey(queueKey, name, payload);
      await this.signal(queueKey);
    } catch (error) {
      this.metrics.enqueueFailed();
      throw error instanceof Problem ? error : queueUnavailable(error);
    }
  }

  /** Tells the workers that the key has work: one signal waits at most, and one made during the key's turn comes after it. */
  async signal(queueKey: string): Promise<void> {
    await this.dispatch.add(
      'signal',
      { queueKey },
      {
        ...REMOVED,
        jobId: randomUUID(),
        deduplication: deduplicationOf(queueKey),
        attempts: DISPATCH_ATTEMPTS,
        backoff: { type: 'fixed', delay: DISPATCH_BACKOFF_MS },
      },
    );
  }

  private async addToKey(queueKey: string, name: string, payload: JobPayload): Promise<void> {
    const backend = this.backends.producer(queueNameOf(queueKey));
    const queue = new Queue(queueNameOf(queueKey), { connection: this.backends.asConnection(), skipMetasUpdate: true }, () => backend);
    try {
      // Before the job, and each time: a flushed Redis forgets it, and without it two processes would run one key at once.
      await backend.setQueueMeta({ concurrency: 1, 'opts.maxLenEvents': this.backends.eventsKept });
      await queue.add(name, payload, { ...REMOVED, jobId: randomUUID(), deduplication: deduplicationOf(deduplicationId(name, payload)) });
    } finally {
      await queue.close();
    }
  }
}
