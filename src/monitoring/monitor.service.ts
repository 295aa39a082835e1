import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { CONFIGURATION, type Configuration } from '../platform/config/configuration.js';
import { SupervisedLoops } from '../platform/supervision/supervised-loops.js';
import { AlertKeeping } from './alert-keeping.service.js';
import { LookingAround } from './looking-around.service.js';
import { MonitorGauges } from './monitor-gauges.service.js';

/** Looks at all accounts again and again in the processes that schedule. */
@Injectable()
export class Monitor implements OnApplicationBootstrap {
  constructor(
    @Inject(CONFIGURATION) private readonly config: Configuration,
    private readonly loops: SupervisedLoops,
    private readonly around: LookingAround,
    private readonly keeping: AlertKeeping,
    private readonly gauges: MonitorGauges,
  ) {}

  onApplicationBootstrap(): void {
    if (this.config.role !== 'scheduler' && this.config.role !== 'all') return;
    const { intervalMs } = this.around;
    this.loops.start('monitor', intervalMs, () => this.look());
    // Apart from the looks: a receiver that hangs must not stop the counting.
    this.loops.start('alerts', intervalMs, (signal) => this.keeping.tell(signal));
  }

  private async look(): Promise<void> {
    const look = await this.around.look();
    await this.keeping.count(look.findings);
    await this.gauges.show(look);
  }
}
