import { Injectable } from '@nestjs/common';
import type { TestingModule } from '@nestjs/testing';
import { JobHandlers } from '../../src/platform/jobs/job-handlers.js';
import type { JobName } from '../../src/platform/jobs/job-catalogue.js';
import type { JobRun } from '../../src/platform/jobs/job-run.js';
import { JobsModule } from '../../src/platform/jobs/jobs.module.js';
import { Jobs } from '../../src/platform/jobs/jobs.service.js';
import { ObservabilityModule } from '../../src/platform/observability/observability.module.js';
import { SupervisionModule } from '../../src/platform/supervision/supervision.module.js';
import { type TaskHandler, TaskHandlers } from '../../src/platform/jobs/task-handlers.js';
import { startContext } from './service-context.js';
import { cloneDatabase, type TestDatabase } from './test-database.js';
import { type QueueBackend, redisForTest } from './test-redis.js';

/** A database, and a Redis database where the backend is one: what the processes of one test share. */
export interface JobsWorld {
  readonly database: TestDatabase;
  readonly redisUrl: string | null;
  release(): Promise<void>;
}

export async function jobsWorld(backend: QueueBackend): Promise<JobsWorld> {
  const database = await cloneDatabase();
  const redis = backend === 'redis' ? await redisForTest() : null;
  const release = async (): Promise<void> => {
    await Promise.all([database.drop(), redis?.release()]);
  };
  return { database, redisUrl: redis?.url ?? null, release };
}

/** The one job of these tests besides `run-task`; it is not part of the service's catalogue. */
export const PROBE = 'probe' as JobName;
export type Probe = (id: string, run: JobRun) => Promise<void>;

export interface JobsOptions {
  readonly role?: 'api' | 'worker' | 'scheduler' | 'all';
  readonly concurrency?: number;
  /** The catalogue; default: what is handled. */
  readonly names?: readonly string[];
  readonly probe?: Probe;
  readonly tasks?: Readonly<Record<string, TaskHandler>>;
}

/** One process of the service with nothing but its jobs. */
export async function startJobs(world: JobsWorld, options: JobsOptions = {}): Promise<TestingModule> {
  @Injectable()
  class Feature {
    constructor(jobs: JobHandlers, tasks: TaskHandlers) {
      jobs.register(PROBE, (payload, run) => options.probe?.('taskId' in payload ? payload.taskId : '', run) ?? Promise.resolve());
      for (const [type, handler] of Object.entries(options.tasks ?? {})) tasks.register(type, handler);
    }
  }
  const imports = [ObservabilityModule, SupervisionModule, JobsModule.for(options.names ?? ['run-task', PROBE])];
  const settings: Record<string, string> = { ROLE: options.role ?? 'worker', SYNC_CONCURRENCY: String(options.concurrency ?? 8) };
  if (world.redisUrl !== null) settings['REDIS_URL'] = world.redisUrl;
  return startContext(world.database, { imports, providers: [Feature] }, settings);
}

export function probe(context: TestingModule, queueKey: string, id: string): Promise<void> {
  return context.get(Jobs).enqueue(queueKey, PROBE, { taskId: id });
}
