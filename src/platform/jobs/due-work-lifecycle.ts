import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { CONFIGURATION, type Configuration } from '../config/configuration.js';
import { SupervisedLoops } from '../supervision/supervised-loops.js';
import { DueWork } from './due-work.js';
import { QueueBackends } from './queue-backends.js';

/** Due within a second is what schedules promise. */
const DUE_WORK_INTERVAL_MS = 1_000;
/** What is swept is small and harms nobody meanwhile. */
const SWEEP_INTERVAL_MS = 600_000;

/** Runs the due-work loop in the processes that schedule. */
@Injectable()
export class DueWorkLifecycle implements OnApplicationBootstrap {
  constructor(
    @Inject(CONFIGURATION) private readonly config: Configuration,
    private readonly loops: SupervisedLoops,
    private readonly dueWork: DueWork,
    private readonly backends: QueueBackends,
  ) {}

  onApplicationBootstrap(): void {
    if (this.config.role !== 'scheduler' && this.config.role !== 'all') return;
    this.loops.start('due-work', DUE_WORK_INTERVAL_MS, () => this.dueWork.turn());
    this.loops.start('queue-sweep', SWEEP_INTERVAL_MS, () => this.backends.sweep());
  }
}
