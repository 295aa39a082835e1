import { BullModule } from '@nestjs/bullmq';
import { type DynamicModule, Logger, Module } from '@nestjs/common';
import { setDefaultBackendFactory } from 'bullmq';
import { CONFIGURATION, type Configuration } from '../config/configuration.js';
import { SettingsModule } from '../settings/settings.module.js';
import { DispatchLifecycle } from './dispatch-lifecycle.js';
import { DispatchProcessor } from './dispatch.processor.js';
import { DueWork } from './due-work.js';
import { DueWorkLifecycle } from './due-work-lifecycle.js';
import { JobHandlers } from './job-handlers.js';
import { JobMetrics } from './job-metrics.js';
import { JOB_NAMES } from './job-names.js';
import { Jobs } from './jobs.service.js';
import { KeyTurn } from './key-turn.js';
import { OwedWork } from './owed-work.js';
import { PostgresQueueBackends } from './postgres-queue-backends.js';
import { queueBackendOf, QueueBackends } from './queue-backends.js';
import { QueueLifecycle } from './queue-lifecycle.js';
import { DISPATCH_QUEUE } from './queue-settings.js';
import { RedisQueueBackends } from './redis-queue-backends.js';
import { TaskHandlers } from './task-handlers.js';
import { TaskLedger } from './task-ledger.js';
import { TaskReadModel } from './tasks.read-model.js';
import { TaskRunner } from './task-runner.js';
import { Tasks } from './tasks.service.js';
import { TaskStore } from './tasks.store.js';
import { TaskWatch } from './task-watch.js';

// `@nestjs/bullmq` builds its queue and worker without a factory of their own, so the process-wide one finds our connections in their options.
setDefaultBackendFactory(queueBackendOf);

function connect(config: Configuration): QueueBackends {
  const logger = new Logger('jobs');
  const onError = (error: Error) => logger.warn('a connection of the queues was lost', error);
  if (config.redis) return new RedisQueueBackends(config.redis.url, onError);
  return new PostgresQueueBackends(config.database.url, onError);
}

@Module({ providers: [{ provide: QueueBackends, useFactory: connect, inject: [CONFIGURATION] }], exports: [QueueBackends] })
class QueueConnectionModule {}

const ROOT = BullModule.forRootAsync({
  imports: [QueueConnectionModule],
  inject: [QueueBackends],
  // Only processes that work have a worker: `DispatchLifecycle` registers it.
  extraOptions: { manualRegistration: true },
  useFactory: (backends: QueueBackends) => ({
    connection: backends.asConnection(),
    streams: { events: { maxLen: backends.eventsKept } },
  }),
});

const OFFERED = [Jobs, JobHandlers, Tasks, TaskHandlers, TaskStore, TaskReadModel, OwedWork];

/** Owed work and the queues that wake its workers. */
@Module({})
export class JobsModule {
  /** @param names every job of the catalogue; start-up refuses one without a handler */
  static for(names: readonly string[]): DynamicModule {
    return {
      module: JobsModule,
      global: true,
      imports: [QueueConnectionModule, SettingsModule, ROOT, BullModule.registerQueue({ name: DISPATCH_QUEUE })],
      providers: [
        { provide: JOB_NAMES, useValue: names },
        ...OFFERED,
        KeyTurn,
        DispatchProcessor,
        JobMetrics,
        TaskLedger,
        TaskRunner,
        TaskWatch,
        DueWork,
        QueueLifecycle,
        DispatchLifecycle,
        DueWorkLifecycle,
      ],
      exports: [...OFFERED, QueueConnectionModule],
    };
  }
}
