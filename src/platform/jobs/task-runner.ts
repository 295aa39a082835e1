import { Injectable, Logger } from '@nestjs/common';
import { type LogFields, withLogFields } from '../observability/log-context.js';
import { JobHandlers } from './job-handlers.js';
import { JobMetrics } from './job-metrics.js';
import { type JobRun, RunStopped, stopReasonOf } from './job-run.js';
import type { Task, TaskClaim } from './task.js';
import { type TaskHandler, TaskHandlers, type TaskRun } from './task-handlers.js';
import { TaskLedger } from './task-ledger.js';
import { MAX_ATTEMPTS, outcomeOfFailure, type TaskOutcome } from './task-outcome.js';
import { TaskWatch } from './task-watch.js';

/** A type nobody here knows belongs to a newer version of the service, which is being rolled out. */
const UNKNOWN_TYPE_PAUSE_MS = 30_000;

/** The job `run-task`: claims one task, runs its handler, and writes down what became of it. */
@Injectable()
export class TaskRunner {
  private readonly logger = new Logger('tasks');
  private readonly claims = new Map<string, TaskClaim>();

  constructor(
    private readonly ledger: TaskLedger,
    private readonly handlers: TaskHandlers,
    private readonly watch: TaskWatch,
    private readonly metrics: JobMetrics,
    jobs: JobHandlers,
  ) {
    jobs.register('run-task', ({ taskId }, run) => this.run(taskId, run));
  }

  /** Gives back what is still running here, for a process that cannot wait for it any longer. */
  async giveAllBack(): Promise<void> {
    const back: TaskOutcome = { kind: 'given-back', dueAt: new Date(), reason: null, counted: false };
    await Promise.all([...this.claims.values()].map((claim) => this.ledger.settle(claim, back)));
  }

  private async run(taskId: string, run: JobRun): Promise<void> {
    run.signal.throwIfAborted();
    const task = await this.ledger.claim(taskId);
    // Somebody else has it, it is not due yet, or it was revoked: its row knows, nothing is lost.
    if (!task) return;
    await withLogFields(fieldsOf(task), () => this.runClaimed(task, run));
  }

  private async runClaimed(task: Task, run: JobRun): Promise<void> {
    this.claims.set(task.id, task);
    try {
      const outcome = await this.attempt(task, run);
      const written = await this.ledger.settle(task, outcome);
      this.logger.log('a task ran', { outcome: outcome.kind === 'finished' ? outcome.status : outcome.kind });
      if (!written) this.logger.warn('a run ended whose task is no longer its own', { task_id: task.id, generation: task.generation });
      this.metrics.taskRan(task.taskType, outcome.kind === 'finished' ? outcome.status : outcome.kind);
    } finally {
      this.claims.delete(task.id);
    }
  }

  private async attempt(task: Task, run: JobRun): Promise<TaskOutcome> {
    const handler = this.handlers.find(task.taskType);
    if (!handler) {
      const dueAt = new Date(Date.now() + UNKNOWN_TYPE_PAUSE_MS);
      return { kind: 'given-back', dueAt, reason: 'waits for a process that knows this kind of work', counted: false };
    }
    if (task.attempts > MAX_ATTEMPTS) return { kind: 'finished', status: 'FAILURE', error: 'the processes that ran this died too often' };
    return this.handle(task, handler, run);
  }

  private async handle(task: Task, handler: TaskHandler, run: JobRun): Promise<TaskOutcome> {
    const watched = this.watch.start(task);
    const signal = AbortSignal.any([run.signal, watched.signal]);
    const progress = async (fraction: number): Promise<void> => {
      if (await this.ledger.progress(task, fraction)) return;
      watched.lose();
      throw new RunStopped('not-owner');
    };
    try {
      const taskRun: TaskRun = { signal, generation: task.generation, progress };
      return { kind: 'finished', status: 'SUCCESS', result: await handler(task, taskRun) };
    } catch (error) {
      const stopped = watched.signal.aborted ? 'not-owner' : stopReasonOf(signal);
      if (stopped === null) this.logger.warn('a task threw', { attempt: task.attempts }, error);
      return outcomeOfFailure({ error, stopped, attempts: task.attempts, now: new Date(), jitter: Math.random() });
    } finally {
      watched.end();
    }
  }
}

/** What every log line of a task's run is found by. */
function fieldsOf({ id, taskType, tenantId, accountId }: Task): LogFields {
  return { task_id: id, task_type: taskType, tenant: tenantId, ...(accountId === null ? {} : { account_id: accountId }) };
}
