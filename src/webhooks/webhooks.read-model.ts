import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import { Settings } from '../platform/settings/settings.service.js';
import { WebhookVault } from './webhook-vault.service.js';
import { MOST_WEBHOOKS } from './webhooks.settings.js';

export type Payload = 'thin' | 'full';
export type DisabledReason = 'by_tenant' | 'gone' | 'failing';

/** A subscription as its tenant sees it; secrets are shown once and never here. */
export interface Webhook {
  readonly id: string;
  readonly url: string;
  readonly description: string | null;
  readonly eventTypes: readonly string[];
  readonly tokenIds: readonly string[];
  readonly accountIds: readonly string[];
  readonly payload: Payload;
  readonly state: 'active' | 'disabled';
  readonly disabledReason: DisabledReason | null;
  readonly disabledAt: Date | null;
  readonly previousSecretUntil: Date | null;
  readonly replaySince: Date | null;
  /** Failed attempts in a row. */
  readonly failures: number;
  readonly failingSince: Date | null;
  readonly lastSuccessAt: Date | null;
  readonly owed: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

type WebhookRow = Omit<Webhook, 'url'> & { readonly url: Buffer };

/** Counting stops there: more is "many". */
const MOST_COUNTED = 10_000;

const COLUMNS = `w.id, w.url, w.description, w.event_types as "eventTypes", w.token_ids as "tokenIds", w.account_ids as "accountIds", w.payload, w.state,
  w.disabled_reason as "disabledReason", w.disabled_at as "disabledAt", 
  (select max(p.valid_until) from webhook_previous_secrets p where p.webhook_id = w.id and p.valid_until > now()) as "previousSecretUntil", w.replay_since as "replaySince",
  w.failures, w.failing_since as "failingSince", w.last_success_at as "lastSuccessAt", w.created_at as "createdAt", w.updated_at as "updatedAt",
  (select count(*)::int from (select from webhook_deliveries d where d.webhook_id = w.id and d.state = 'owed' limit ${String(MOST_COUNTED)}) counted) as owed`;

/** The webhooks of a tenant. */
@Injectable()
export class Webhooks {
  /** How many a tenant may have. */
  readonly mostOf: (tenantId: string) => number;

  constructor(
    private readonly database: Database,
    private readonly vault: WebhookVault,
    settings: Settings,
  ) {
    this.mostOf = settings.live(MOST_WEBHOOKS);
  }

  /** All of them, oldest first: their number is bounded. */
  async list(tenantId: string): Promise<Webhook[]> {
    const sql = `select ${COLUMNS} from webhooks w where w.tenant_id = $1 and w.state <> 'deleted' order by w.created_at, w.id`;
    return (await this.database.query<WebhookRow>(sql, [tenantId])).map((row) => this.open(row));
  }

  /** null: the tenant has no such webhook. */
  async find(tenantId: string, id: string): Promise<Webhook | null> {
    const sql = `select ${COLUMNS} from webhooks w where w.tenant_id = $1 and w.id = $2 and w.state <> 'deleted'`;
    const [row] = await this.database.query<WebhookRow>(sql, [tenantId, id]);
    return row ? this.open(row) : null;
  }

  private open(row: WebhookRow): Webhook {
    return { ...row, url: this.vault.open(row.id, 'url', row.url) };
  }
}
