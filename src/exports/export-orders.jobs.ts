import { Injectable } from '@nestjs/common';
import type { JsonObject } from '../core/json.js';
import { PostponeTask } from '../platform/jobs/postpone-task.js';
import type { Task } from '../platform/jobs/task.js';
import { TaskHandlers, type TaskRun } from '../platform/jobs/task-handlers.js';
import { ErasureUnderWay, ExportTaken, ExportWriting } from './export-writing.service.js';
import { ExportFiles } from './exports.read-model.js';

/** The cleaning of an erasure takes seconds. */
const AGAIN_AFTER_MS = 10_000;

/** The writing of export files as owed work. */
@Injectable()
export class ExportTasks {
  constructor(
    private readonly writing: ExportWriting,
    private readonly files: ExportFiles,
    handlers: TaskHandlers,
  ) {
    handlers.register('export_orders', (task, run) => this.run(task, run));
  }

  private async run(task: Task, run: TaskRun): Promise<JsonObject> {
    const { export_id: id } = task.params;
    if (typeof id !== 'string') throw new Error('the task names no export');
    try {
      await this.writing.write(id, async (fraction) => {
        run.signal.throwIfAborted();
        await run.progress(fraction);
      });
    } catch (error) {
      if (!(error instanceof ExportTaken)) throw asPostponed(error);
    }
    const file = await this.files.find(null, id);
    return { export_id: id, state: file?.state ?? 'deleted', orders: file?.ordersDone ?? 0 };
  }
}

function asPostponed(error: unknown): unknown {
  if (!(error instanceof ErasureUnderWay)) return error;
  return new PostponeTask(new Date(Date.now() + AGAIN_AFTER_MS), 'a buyer among the orders is being erased');
}
