import { Injectable } from '@nestjs/common';
import { isUUID } from 'class-validator';
import { Database } from '../platform/database/database.js';
import type { TenantScope } from '../platform/http/access/tenant-scope.js';
import { isFinished, type Task } from '../platform/jobs/task.js';
import { TaskReadModel } from '../platform/jobs/tasks.read-model.js';
import { Tasks } from '../platform/jobs/tasks.service.js';
import { taskFinished, taskNotFound } from './requested-syncs.errors.js';
import { cancelRunOf } from './requested-syncs.store.js';
import { SyncRuns } from './sync-runs.read-model.js';

/** Finds and ends owed work of a tenant. */
@Injectable()
export class TaskRevocation {
  constructor(
    private readonly database: Database,
    private readonly tasks: Tasks,
    private readonly known: TaskReadModel,
    private readonly runs: SyncRuns,
  ) {}

  /** Ends a waiting or running task; again is no error. @throws Problem TASK_NOT_FOUND (404), TASK_FINISHED (409) */
  async revoke(scope: TenantScope, taskId: string): Promise<void> {
    const task = await this.find(scope, taskId);
    if (isFinished(task.status) && task.status !== 'REVOKED') throw taskFinished(task.status);
    const revoked = task.status === 'REVOKED' ? task : await this.tasks.revoke(taskId);
    if (!revoked) return this.revoke(scope, taskId);
    await this.database.transaction((tx) => cancelRunOf(tx, taskId));
  }

  /** Ends the sync that is named by its own id or by its task's. @returns the task's id. @throws as {@link revoke} */
  async cancel(scope: TenantScope, id: string): Promise<string> {
    const run = isUUID(id, 'loose') ? await this.runs.find(scope.tenantId, id) : null;
    // A run without a task is a periodic one; it is written down when it has ended.
    if (run?.taskId === null) throw taskFinished(run.status);
    const taskId = run?.taskId ?? id;
    await this.revoke(scope, taskId);
    return taskId;
  }

  /** @throws Problem TASK_NOT_FOUND (404), also for what is no id and for another tenant's */
  async find(scope: TenantScope, taskId: string): Promise<Task> {
    const task = isUUID(taskId, 'loose') ? await this.known.find(scope.tenantId, taskId) : null;
    if (!task) throw taskNotFound();
    return task;
  }
}
