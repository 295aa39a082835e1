/** A process of the service with nothing but its jobs; tests start it with `startJobsWorker`, kill it and freeze it. */
import 'reflect-metadata';
import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { JsonObject } from '../../src/core/json.js';
import { parseConfiguration } from '../../src/platform/config/configuration.js';
import { ConfigurationModule } from '../../src/platform/config/configuration.module.js';
import { Database } from '../../src/platform/database/database.js';
import { DatabaseModule } from '../../src/platform/database/database.module.js';
import { query } from '../../src/platform/database/transaction.js';
import { JobsModule } from '../../src/platform/jobs/jobs.module.js';
import type { Task } from '../../src/platform/jobs/task.js';
import { TaskHandlers, type TaskRun } from '../../src/platform/jobs/task-handlers.js';
import { TaskStore } from '../../src/platform/jobs/tasks.store.js';
import { ObservabilityModule } from '../../src/platform/observability/observability.module.js';
import { SupervisionModule } from '../../src/platform/supervision/supervision.module.js';

/** Work in steps, each an effect guarded by the task's generation, as a sync's are; a new run goes on after the last step. */
@Injectable()
class Steps {
  constructor(
    handlers: TaskHandlers,
    private readonly database: Database,
    private readonly store: TaskStore,
  ) {
    handlers.register('steps', (task, run) => this.walk(task, run));
    handlers.register('stubborn', async (_task, run) => {
      await run.progress(0.5);
      await delay(600_000);
      return {};
    });
  }

  private async walk(task: Task, run: TaskRun): Promise<JsonObject> {
    const steps = Number(task.params['steps']);
    const pauseMs = Number(task.params['pauseMs']);
    const [last] = await this.database.query<{ step: number }>('select coalesce(max(step), 0) as step from steps where task_id = $1', [task.id]);
    for (let step = (last?.step ?? 0) + 1; step <= steps; step += 1) {
      run.signal.throwIfAborted();
      await this.take(task, step);
      await run.progress(step / steps);
      await delay(pauseMs);
    }
    return { steps };
  }

  private async take(task: Task, step: number): Promise<void> {
    await this.database.transaction(async (tx) => {
      await this.store.assertOwned(tx, task);
      await query(tx, 'insert into steps (task_id, step, generation, pid) values ($1, $2, $3, $4)', [task.id, step, task.generation, process.pid]);
    });
  }
}

const configuration = parseConfiguration(process.env);

@Module({
  imports: [ConfigurationModule.for(configuration), ObservabilityModule, SupervisionModule, DatabaseModule, JobsModule.for(['run-task'])],
  providers: [Steps],
})
class WorkerModule {}

const app = await NestFactory.createApplicationContext(WorkerModule, { logger: ['error', 'warn'] });
app.enableShutdownHooks();
process.send?.('ready');
