import { Injectable, Logger } from '@nestjs/common';
import type { JsonObject } from '../core/json.js';
import { Database } from '../platform/database/database.js';
import type { Transaction } from '../platform/database/transaction.js';
import { OwedWork } from '../platform/jobs/owed-work.js';
import { PostponeTask } from '../platform/jobs/postpone-task.js';
import type { Task } from '../platform/jobs/task.js';
import { TaskHandlers, type TaskRun } from '../platform/jobs/task-handlers.js';
import { Tasks } from '../platform/jobs/tasks.service.js';
import { cleaningTask } from './erasing.service.js';
import { ErasureCleaning } from './erasure-cleaning.service.js';
import { Erasures, type UnfinishedErasure } from './erasures.read-model.js';
import { holdAbandoned, noteTask } from './erasures.store.js';

/** Longer than a restart of a database or a full disk needs a person; an erasure is never given up. */
const AGAIN_AFTER_MS = 30_000;

/** Where owed work is registered. */
@Injectable()
export class ErasureRegistries {
  constructor(
    readonly handlers: TaskHandlers,
    readonly owed: OwedWork,
  ) {}
}

/** The cleaning of copies as owed work. */
@Injectable()
export class EraseBuyerTasks {
  private readonly logger = new Logger('erasure');

  constructor(
    private readonly cleaning: ErasureCleaning,
    private readonly erasures: Erasures,
    private readonly tasks: Tasks,
    private readonly database: Database,
    registries: ErasureRegistries,
  ) {
    registries.handlers.register('erase_buyer', (task, run) => this.run(task, run));
    registries.owed.register({ name: 'erasures', enqueueDue: () => this.takeUp() });
  }

  private async run(task: Task, run: TaskRun): Promise<JsonObject> {
    const { erasure_id: erasureId } = task.params;
    if (typeof erasureId !== 'string') throw new Error('the task names no erasure');
    try {
      const erasure = await this.cleaning.clean(erasureId, run.signal);
      return { erasure_id: erasureId, orders: erasure?.orders ?? 0 };
    } catch (error) {
      if (run.signal.aborted) throw error;
      this.logger.error('an erasure is not complete yet and goes on', { erasure_id: erasureId, err: error });
      throw new PostponeTask(new Date(Date.now() + AGAIN_AFTER_MS), 'some copies could not be cleaned yet');
    }
  }

  /** An erasure whose task was revoked or lost with an older copy of the database is taken up again. */
  private async takeUp(): Promise<number> {
    const abandoned = await this.erasures.abandoned();
    for (const erasure of abandoned) {
      const task = await this.database.transaction((tx) => this.newTask(tx, erasure));
      if (task) await this.tasks.wake(task);
    }
    return abandoned.length;
  }

  private async newTask(tx: Transaction, erasure: UnfinishedErasure): Promise<Task | null> {
    if (!(await holdAbandoned(tx, erasure.id, erasure.taskId))) return null;
    const task = await this.tasks.create(tx, cleaningTask(erasure));
    await noteTask(tx, erasure.id, task.id);
    return task;
  }
}
