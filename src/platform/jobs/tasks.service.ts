import { Injectable, Logger } from '@nestjs/common';
import type { Transaction } from '../database/transaction.js';
import { Jobs } from './jobs.service.js';
import type { Task } from './task.js';
import { TaskHandlers } from './task-handlers.js';
import { TaskLedger } from './task-ledger.js';
import { TaskWatch } from './task-watch.js';
import { type NewTask, TaskStore } from './tasks.store.js';

/** Owed work for the features: write it down, wake a worker, take it back. */
@Injectable()
export class Tasks {
  private readonly logger = new Logger('tasks');

  constructor(
    private readonly store: TaskStore,
    private readonly ledger: TaskLedger,
    private readonly handlers: TaskHandlers,
    private readonly jobs: Jobs,
    private readonly watch: TaskWatch,
  ) {}

  /** Writes owed work down in the caller's transaction; call `wake` once that is committed. @throws when nobody handles the type. */
  async create(tx: Transaction, task: NewTask): Promise<Task> {
    if (!this.handlers.find(task.taskType)) throw new Error(`No handler is registered for tasks of type '${task.taskType}'.`);
    return this.store.create(tx, task);
  }

  /**
   * Puts a committed task into its queue. Never fails: the row is the record, and what cannot be queued now
   * (counted and logged) the due-work loop queues when the queue is back.
   */
  async wake(task: Pick<Task, 'id' | 'queueKey'>): Promise<void> {
    try {
      await this.jobs.enqueue(task.queueKey, 'run-task', { taskId: task.id });
      await this.ledger.noteEnqueued([task.id], true);
    } catch (error) {
      this.logger.warn('a task waits for the due-work loop, its queue could not be told', { task_id: task.id }, error);
    }
  }

  /** Ends a waiting or running task; a run stops within 3 s in any process. Null: it is finished already, or not there. */
  async revoke(taskId: string): Promise<Task | null> {
    const revoked = await this.ledger.revoke(taskId);
    if (revoked) this.watch.lose(taskId);
    return revoked;
  }
}
