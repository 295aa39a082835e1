import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import type { Task, TaskClaim } from './task.js';
import type { TaskOutcome } from './task-outcome.js';
import { type DueTask, TaskStore } from './tasks.store.js';

/** The store's steps of a run, each committed by itself: no transaction stays open while work is done or a queue is asked. */
@Injectable()
export class TaskLedger {
  constructor(
    private readonly database: Database,
    private readonly store: TaskStore,
  ) {}

  claim(taskId: string): Promise<Task | null> {
    return this.database.transaction((tx) => this.store.claim(tx, taskId));
  }

  beat(claim: TaskClaim): Promise<boolean> {
    return this.database.transaction((tx) => this.store.beat(tx, claim));
  }

  progress(claim: TaskClaim, fraction: number): Promise<boolean> {
    return this.database.transaction((tx) => this.store.progress(tx, claim, fraction));
  }

  /** Writes down what became of a run. False: the task belongs to another run by now and stays as that one left it. */
  async settle(claim: TaskClaim, outcome: TaskOutcome): Promise<boolean> {
    if (outcome.kind === 'lost') return false;
    return this.database.transaction((tx) => (outcome.kind === 'finished' ? this.store.finish(tx, claim, outcome) : this.store.giveBack(tx, claim, outcome)));
  }

  revoke(taskId: string): Promise<Task | null> {
    return this.database.transaction((tx) => this.store.revoke(tx, taskId));
  }

  takeDue(limit: number): Promise<DueTask[]> {
    return this.database.transaction((tx) => this.store.takeDue(tx, limit));
  }

  noteEnqueued(taskIds: readonly string[], enqueued: boolean): Promise<void> {
    return this.database.transaction((tx) => this.store.noteEnqueued(tx, taskIds, enqueued));
  }
}
