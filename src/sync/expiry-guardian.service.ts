import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import type { Gauge } from 'prom-client';
import { CONFIGURATION, type Configuration } from '../platform/config/configuration.js';
import { EventLog } from '../platform/event-log/event-log.js';
import { ACCOUNT_STREAM, type NewEvent } from '../platform/event-log/events.js';
import { Metrics } from '../platform/observability/metrics.js';
import { SupervisedLoops } from '../platform/supervision/supervised-loops.js';
import { ExpiriesReadModel } from './expiries.read-model.js';
import { type Expiry, EXPIRY_LEVELS, REACHES } from './reach.js';

/** Warnings come days ahead: an hour is a small part of them, and a look at all accounts costs one query. */
const EVERY_MS = 3_600_000;

/** Warns before events, orders or a refresh token of an account pass out of reach for good. */
@Injectable()
export class ExpiryGuardian implements OnApplicationBootstrap {
  private readonly logger = new Logger('sync');
  private readonly gauge: Gauge;

  constructor(
    private readonly expiries: ExpiriesReadModel,
    private readonly log: EventLog,
    private readonly loops: SupervisedLoops,
    @Inject(CONFIGURATION) private readonly config: Configuration,
    metrics: Metrics,
  ) {
    this.gauge = metrics.gauge({ name: 'account_expiries', help: 'Accounts by what passes out of reach and how soon', labels: ['reach', 'level'] });
  }

  onApplicationBootstrap(): void {
    if (this.config.role === 'api' || this.config.role === 'worker') return;
    this.loops.start('expiry-guardian', EVERY_MS, () => this.look(new Date()));
  }

  /** Counts all accounts and warns of those that are close; each warning is given once. */
  async look(now: Date): Promise<void> {
    const accounts = await this.expiries.ofAll(now);
    for (const reach of REACHES) {
      for (const level of EXPIRY_LEVELS) {
        const count = accounts.filter(({ expiries }) => expiries.some((expiry) => expiry.reach === reach && expiry.level === level)).length;
        this.gauge.set({ reach, level }, count);
      }
    }
    for (const { accountId, expiries } of accounts) {
      for (const expiry of expiries.filter(({ level }) => level !== 'fine')) await this.warn(accountId, expiry, now);
    }
  }

  private async warn(accountId: string, { reach, since, at, level }: Expiry, now: Date): Promise<void> {
    const event: NewEvent = {
      type: 'account.expiry_near',
      source: 'service',
      dedupKey: `c:expiry:${reach}:${at.toISOString()}:${level}`,
      occurredAt: now,
      observedAt: now,
      payload: { reach, level, since: since.toISOString(), expires_at: at.toISOString() },
      actor: 'expiry-guardian',
    };
    const { appended } = await this.log.commit({ accountId, orderId: ACCOUNT_STREAM, events: [event] });
    if (appended) this.logger.warn('something of an account passes out of reach', { account_id: accountId, reach, level, expires_at: at.toISOString() });
  }
}
