import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Metrics } from '../observability/metrics.js';
import { SupervisedLoops } from '../supervision/supervised-loops.js';
import { Settings, type StoredValue } from './settings.service.js';
import { SettingsReadModel } from './settings.read-model.js';

/** A change is in force everywhere within two seconds, for one look at the end of an index a second. */
const LOOK_INTERVAL_MS = 1_000;
/** What was changed past the service, in whatever order, is seen after a minute. */
const LOOKS_TO_READ_ALL = 60;

const labelOf = ({ name, tenantId, value }: StoredValue) => JSON.stringify([name, tenantId, value]);

/** Keeps the settings of this process as the database says. While it cannot be read the last known values hold. */
@Injectable()
export class SettingsRefresh implements OnModuleInit {
  private readonly logger = new Logger('settings');
  private known: string | null = null;
  private looks = 0;
  private reading: Promise<void> = Promise.resolve();
  private refused: readonly StoredValue[] = [];

  constructor(
    private readonly settings: Settings,
    private readonly changes: SettingsReadModel,
    private readonly loops: SupervisedLoops,
    metrics: Metrics,
  ) {
    const refused = { name: 'settings_refused', help: 'Values of settings in the database that are not accepted; wider values or defaults hold instead' };
    metrics.gauge(refused, (gauge) => {
      gauge.set(this.refused.length);
    });
  }

  /** Before anything is served or run. Without a database the process starts all the same, with defaults; the loop says what is wrong. */
  async onModuleInit(): Promise<void> {
    await this.now().catch((error: unknown) => {
      this.logger.warn('the settings could not be read yet; defaults hold', { err: error });
    });
    this.loops.start('settings', LOOK_INTERVAL_MS, () => this.look());
  }

  /** Takes over what the database says now; one reading after another, so that none puts back what an earlier one found. */
  now(): Promise<void> {
    this.reading = this.reading.then(
      () => this.read(),
      () => this.read(),
    );
    return this.reading;
  }

  private async read(): Promise<void> {
    const last = await this.changes.lastChange();
    this.report(this.settings.hold(await this.changes.all()));
    this.known = last;
    this.looks = 0;
  }

  private async look(): Promise<void> {
    this.looks += 1;
    if (this.looks < LOOKS_TO_READ_ALL && (await this.changes.lastChange()) === this.known) return;
    await this.now();
  }

  private report(refused: readonly StoredValue[]): void {
    const told = new Set(this.refused.map(labelOf));
    this.refused = refused;
    for (const { name, tenantId, value } of refused.filter((one) => !told.has(labelOf(one)))) {
      const of = tenantId === null ? {} : { of_tenant: tenantId };
      this.logger.error('a setting in the database is not accepted; a wider value or the default holds instead', { setting: name, value, ...of });
    }
  }
}
