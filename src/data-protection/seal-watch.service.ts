import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { CONFIGURATION, type Configuration } from '../platform/config/configuration.js';
import { Metrics } from '../platform/observability/metrics.js';
import { SupervisedLoops } from '../platform/supervision/supervised-loops.js';
import type { Seal } from './seal-record.js';
import { SealFile } from './seal-file.client.js';
import { SealsReadModel } from './seals.read-model.js';
import { Sealing } from './sealing.service.js';

/** Seals caught up with at once when the file fell behind. */
const SEALS_PER_APPEND = 1_000;

/** Seals the log again and again in the processes that schedule, and publishes the head: as log line, as metric, and in a file. */
@Injectable()
export class SealWatch implements OnApplicationBootstrap {
  private readonly logger = new Logger('seals');
  private readonly file: SealFile | null;

  constructor(
    @Inject(CONFIGURATION) private readonly config: Configuration,
    private readonly loops: SupervisedLoops,
    private readonly sealing: Sealing,
    private readonly seals: SealsReadModel,
    metrics: Metrics,
  ) {
    this.file = config.integrity.sealFile === null ? null : new SealFile(config.integrity.sealFile);
    metrics.gauge({ name: 'log_seal_number', help: 'Number of the last seal over the log' }, async (gauge) => {
      gauge.set(Number((await seals.last())?.number ?? 0));
    });
    metrics.gauge({ name: 'log_unsealed_age_seconds', help: 'Age of the oldest event no seal covers yet' }, async (gauge) => {
      gauge.set((await seals.unsealed()).ageSeconds);
    });
  }

  onApplicationBootstrap(): void {
    if (this.config.role !== 'scheduler' && this.config.role !== 'all') return;
    this.loops.start('seals', this.config.integrity.sealIntervalSeconds * 1_000, (signal) => this.turn(signal));
  }

  private async turn(signal: AbortSignal): Promise<void> {
    for (const seal of await this.sealing.sealAll(signal)) this.announce(seal);
    await this.publish();
  }

  private announce(seal: Seal): void {
    this.logger.log('the log was sealed', {
      seal: seal.number,
      root: seal.root.toString('hex'),
      events: seal.events,
      to: `${String(seal.to.epoch)}:${seal.to.xid}:${seal.to.seq}`,
    });
  }

  /** Also what an earlier process sealed and did not live to publish. */
  private async publish(): Promise<void> {
    if (!this.file) return;
    for (;;) {
      const seals = await this.seals.page(await this.file.lastNumber(), SEALS_PER_APPEND);
      await this.file.append(seals);
      if (seals.length < SEALS_PER_APPEND) return;
    }
  }
}
