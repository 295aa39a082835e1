import { Injectable } from '@nestjs/common';
import type { JsonObject } from '../../core/json.js';
import type { Task } from './task.js';

/** What a task's handler is given beside the task. */
export interface TaskRun {
  /** Aborted with a `RunStopped` on shutdown, when the lock is lost, and within 3 s after the task was revoked or taken over. */
  readonly signal: AbortSignal;
  /** The fence of this run: effects that name it are refused once another run holds a newer one. */
  readonly generation: string;
  /** @param fraction 0 to 1. @throws RunStopped when the task is no longer this run's */
  progress(fraction: number): Promise<void>;
}

/** Does the work and answers its result, ids and counts only. May throw `PostponeTask`. Stop at the next safe point once `run.signal` aborts. */
export type TaskHandler = (task: Task, run: TaskRun) => Promise<JsonObject>;

/** Who does which type of owed work. Features register in their constructors. */
@Injectable()
export class TaskHandlers {
  private readonly handlers = new Map<string, TaskHandler>();

  /** @throws when the type has a handler already. */
  register(taskType: string, handler: TaskHandler): void {
    if (this.handlers.has(taskType)) throw new Error(`The task type '${taskType}' has two handlers.`);
    this.handlers.set(taskType, handler);
  }

  find(taskType: string): TaskHandler | null {
    return this.handlers.get(taskType) ?? null;
  }
}
