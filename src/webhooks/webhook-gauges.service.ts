import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import { Metrics } from '../platform/observability/metrics.js';

/** Counted to there: more is a backlog whatever its number, and a scrape must stay cheap. */
const MOST_COUNTED = 100_000;

/** Of webhooks that are switched on; what is held behind an earlier delivery of its order counts too. */
const OWED = `
  select count(*)::float8 as owed, coalesce(max(extract(epoch from now() - announced_at)), 0)::float8 as seconds
  from (select d.announced_at from webhooks w join webhook_deliveries d on d.webhook_id = w.id
        where w.state = 'active' and d.state = 'owed' limit ${String(MOST_COUNTED)}) waiting`;

/** How much receivers have not taken yet, and for how long. */
@Injectable()
export class WebhookGauges {
  constructor(
    private readonly database: Database,
    metrics: Metrics,
  ) {
    metrics.gauge({ name: 'webhook_deliveries_owed', help: 'Deliveries to webhooks that wait to be sent' }, async (gauge) => {
      gauge.set((await this.look()).owed);
    });
    metrics.gauge({ name: 'webhook_oldest_owed_seconds', help: 'Age of the oldest event that a receiver has not taken yet' }, async (gauge) => {
      gauge.set((await this.look()).seconds);
    });
  }

  private async look(): Promise<{ owed: number; seconds: number }> {
    const [row] = await this.database.query<{ owed: number; seconds: number }>(OWED);
    return row ?? { owed: 0, seconds: 0 };
  }
}
