import { Injectable } from '@nestjs/common';
import type { Gauge } from 'prom-client';
import { Metrics } from '../platform/observability/metrics.js';
import { Alerts } from './alerts.read-model.js';
import { ALERT_KINDS } from './findings.js';
import { countByFreshness } from './fleet.js';
import type { Look } from './looking-around.service.js';

/** What the last look saw, as metrics. Labels are closed lists, never accounts. */
@Injectable()
export class MonitorGauges {
  private readonly freshness: Gauge;
  private readonly open: Gauge;
  private readonly horizon: Gauge;

  constructor(
    private readonly alerts: Alerts,
    metrics: Metrics,
  ) {
    this.freshness = metrics.gauge({ name: 'account_freshness', help: 'Accounts by how current they are', labels: ['state'] });
    this.open = metrics.gauge({ name: 'alerts_open', help: 'Alerts that are open', labels: ['kind'] });
    this.horizon = metrics.gauge({ name: 'log_horizon_age_seconds', help: 'Age of the oldest transaction that holds readers of the log back' });
  }

  async show({ fleet, installation }: Look): Promise<void> {
    for (const [state, count] of Object.entries(countByFreshness(fleet.freshness))) this.freshness.set({ state }, count);
    const open = await this.alerts.openByKind();
    for (const kind of ALERT_KINDS) this.open.set({ kind }, open[kind] ?? 0);
    this.horizon.set(installation.horizonAgeSeconds);
  }
}
