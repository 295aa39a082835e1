import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { type HealthDetails, HealthChecks } from '../observability/health-checks.js';
import { JobHandlers } from './job-handlers.js';
import { JOB_NAMES } from './job-names.js';
import { QueueBackends } from './queue-backends.js';

/** Opens the queues' connections before anybody starts to work, and closes them when nobody does any more. */
@Injectable()
export class QueueLifecycle implements OnModuleInit, OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    @Inject(JOB_NAMES) private readonly names: readonly string[],
    private readonly backends: QueueBackends,
    private readonly handlers: JobHandlers,
    health: HealthChecks,
  ) {
    const check = async (): Promise<HealthDetails> => {
      await backends.ping();
      return { backend: backends.kind };
    };
    // Reads and flags need no queue, and owed work waits in its rows.
    health.register('queues', check, { critical: false });
  }

  /** @throws when the queues' schema is not migrated. */
  async onModuleInit(): Promise<void> {
    await this.backends.open();
  }

  /** @throws when a job of the catalogue has no handler. */
  onApplicationBootstrap(): void {
    this.handlers.assertComplete(this.names);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.backends.close();
  }
}
