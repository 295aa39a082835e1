import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import { type Trouble, type TroubleSource, TroubleSources } from '../platform/observability/trouble-sources.js';

interface SwitchedOff {
  readonly id: string;
  readonly tenantId: string;
  readonly reason: 'gone' | 'failing';
  readonly disabledAt: Date;
}

/** More than anybody looks at; the oldest stay in view. */
const MOST_TOLD = 500;

const SWITCHED_OFF = `
  select id, tenant_id as "tenantId", disabled_reason as reason, disabled_at as "disabledAt" from webhooks
  where state = 'disabled' and disabled_reason in ('gone', 'failing') order by disabled_at, id limit ${String(MOST_TOLD)}`;

const DETAILS = {
  gone: 'A webhook is switched off: its receiver said that it is gone (410).',
  failing: 'A webhook is switched off: its receiver failed for five days.',
} as const;

/** Webhooks that were switched off because of their receivers, until their tenant switches them on, off, or removes them. */
@Injectable()
export class WebhookTroubles implements TroubleSource {
  constructor(
    private readonly database: Database,
    sources: TroubleSources,
  ) {
    sources.register(this);
  }

  async troubles(): Promise<Trouble[]> {
    const rows = await this.database.query<SwitchedOff>(SWITCHED_OFF);
    return rows.map(({ id, tenantId, reason, disabledAt }) => ({
      kind: 'webhook_disabled',
      tenantId,
      accountId: null,
      subject: id,
      detail: DETAILS[reason],
      figures: { webhook_id: id, reason, disabled_at: disabledAt.toISOString() },
    }));
  }
}
