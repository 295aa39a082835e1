import { Injectable, Logger } from '@nestjs/common';
import { JobMetrics } from './job-metrics.js';
import { Jobs } from './jobs.service.js';
import { OwedWork } from './owed-work.js';
import { QueueBackends } from './queue-backends.js';
import { TaskLedger } from './task-ledger.js';
import type { DueTask } from './tasks.store.js';

/** So many adds fit into the loop's second on the slower backend; what is left waits for the next turn. */
const BATCH = 200;

/**
 * Puts what is owed into the queues: tasks that are due, tasks whose process fell silent, tasks a queue has lost,
 * and what the registered sources owe. The same turn serves as clock and as reconciler.
 */
@Injectable()
export class DueWork {
  private readonly logger = new Logger('tasks');
  private away = false;

  constructor(
    private readonly backends: QueueBackends,
    private readonly ledger: TaskLedger,
    private readonly jobs: Jobs,
    private readonly owed: OwedWork,
    private readonly metrics: JobMetrics,
  ) {}

  /** @throws after everything was tried, when something could not be enqueued; it is tried again next time. */
  async turn(): Promise<void> {
    if (!this.canEnqueue()) return;
    const tried = await Promise.allSettled([this.enqueueTasks(), ...this.owed.sources.map((source) => source.enqueueDue())]);
    const failures = tried.flatMap((result): unknown[] => (result.status === 'rejected' ? [result.reason] : []));
    if (failures.length > 0) throw new AggregateError(failures, `${failures.length} kinds of owed work could not be enqueued`, { cause: failures[0] });
  }

  /** While Redis is away nothing is claimed. That is no failed turn, which would make the process not ready although reads and flags work; health says it. */
  private canEnqueue(): boolean {
    const wasAway = this.away;
    this.away = !this.backends.isReachable();
    if (this.away && !wasAway) this.logger.warn('the queue is away: owed work waits in its rows');
    if (!this.away && wasAway) this.logger.log('the queue is back: owed work goes on');
    return !this.away;
  }

  private async enqueueTasks(): Promise<void> {
    const due = await this.ledger.takeDue(BATCH);
    const refused = await this.enqueue(due);
    this.metrics.tasksEnqueued(due.length - refused.ids.length);
    if (refused.ids.length === 0) return;
    await this.ledger.noteEnqueued(refused.ids, false);
    throw refused.cause;
  }

  /** Stops at the first refusal: while the queue is away each further add would only wait for the same answer. */
  private async enqueue(due: readonly DueTask[]): Promise<{ ids: string[]; cause: unknown }> {
    for (const [index, task] of due.entries()) {
      try {
        await this.jobs.enqueue(task.queueKey, 'run-task', { taskId: task.id });
      } catch (cause) {
        return { ids: due.slice(index).map(({ id }) => id), cause };
      }
    }
    return { ids: [], cause: null };
  }
}
