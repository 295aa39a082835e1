import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { type IQueueBackend, type Job, Worker } from 'bullmq';
import { withinLogFields } from '../observability/log-context.js';
import { JobHandlers } from './job-handlers.js';
import { RunStopped } from './job-run.js';
import { keepLock } from './lock-renewal.js';
import { QueueBackends } from './queue-backends.js';
import { LOCK_MS, MAX_STALLED_COUNT, queueNameOf, STALLED_CHECK_MS } from './queue-settings.js';

/** `more`: ran a job and another waits. `later`: a job of the key is active in another process. */
export type TurnOutcome = 'ran' | 'more' | 'empty' | 'later';

/** Between the two stalled checks: comfortably more than their interval, nothing to a job. */
const BETWEEN_CHECKS_MS = STALLED_CHECK_MS * 5;

/**
 * One turn of one key: at most one job, so that keys take turns. Everything it makes is thrown away again (0.2 ms);
 * nothing is kept per key.
 */
@Injectable()
export class KeyTurn {
  private readonly logger = new Logger('jobs');

  constructor(
    private readonly backends: QueueBackends,
    private readonly handlers: JobHandlers,
  ) {}

  /** @param stop aborted when this process must give its work back */
  async take(queueKey: string, stop: AbortSignal): Promise<TurnOutcome> {
    const backend = this.backends.runner(queueNameOf(queueKey));
    const worker = this.workerOf(queueNameOf(queueKey), backend, stop);
    try {
      // A dead owner's job first: fetching first would run the key's next job before it.
      if (await this.isActiveElsewhere(backend)) return 'later';
      const lock = randomUUID();
      // BullMQ's type leaves out that there may be none.
      const job = (await worker.getNextJob(lock, { block: false })) as Job<unknown, void> | undefined;
      if (!job) return 'empty';
      await worker.processJob(job, lock, () => false);
      return (await count(backend, 'waiting')) > 0 ? 'more' : 'ran';
    } finally {
      await worker.close(true);
    }
  }

  private workerOf(queueName: string, backend: IQueueBackend, stop: AbortSignal): Worker<unknown, void, string, IQueueBackend> {
    const settings = { autorun: false, lockDuration: LOCK_MS, stalledInterval: STALLED_CHECK_MS, maxStalledCount: MAX_STALLED_COUNT };
    const options = { ...settings, connection: this.backends.asConnection() };
    const worker = new Worker<unknown, void, string, IQueueBackend>(
      queueName,
      // Exactly these fields: whoever happened to start the worker has nothing to do with this job.
      (job, lock) => withinLogFields({ job: job.name, queue: queueName }, () => this.run(job, lock ?? '', stop)),
      options,
      () => backend,
    );
    worker.on('error', (error) => this.logger.warn('a worker reports an error', { queue: queueName }, error));
    return worker;
  }

  private async run(job: Job, lock: string, stop: AbortSignal): Promise<void> {
    const lost = new AbortController();
    const release = keepLock(
      () => job.extendLock(lock, LOCK_MS),
      () => lost.abort(new RunStopped('lock-lost')),
    );
    try {
      await this.handlers.handle(job.name, job.data, { signal: AbortSignal.any([stop, lost.signal]) });
    } catch (error) {
      if (!stop.aborted) this.logger.error('a job failed', error);
      throw error;
    } finally {
      release();
    }
  }

  /** True when a living process holds a job of the key; a dead one's is put back to wait by the check. */
  private async isActiveElsewhere(backend: IQueueBackend): Promise<boolean> {
    if ((await count(backend, 'active')) === 0) return false;
    await backend.moveStalledJobsToWait();
    await delay(BETWEEN_CHECKS_MS);
    // The first check marks, the second moves what was marked and has no lock.
    await backend.moveStalledJobsToWait();
    return (await count(backend, 'active')) > 0;
  }
}

async function count(backend: IQueueBackend, state: 'active' | 'waiting'): Promise<number> {
  const [jobs] = await backend.getCounts([state]);
  return jobs ?? 0;
}
