import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import { answerText } from './answer-text.js';
import { WebhookVault } from './webhook-vault.service.js';

export const DELIVERY_STATES = ['owed', 'delivered', 'failed'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

export interface Delivery {
  readonly id: string;
  readonly topic: string;
  readonly accountId: string | null;
  readonly orderId: string | null;
  readonly version: number | null;
  readonly sequence: string | null;
  readonly changed: readonly string[];
  readonly announcedAt: Date;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly nextAttemptAt: Date;
  readonly giveUpAt: Date;
  readonly createdAt: Date;
  readonly finishedAt: Date | null;
  readonly lastOutcome: string | null;
  readonly lastStatus: number | null;
}

export interface DeliveryAttempt {
  readonly attempt: number;
  readonly startedAt: Date;
  readonly durationMs: number;
  readonly outcome: string;
  readonly status: number | null;
  /** How the answer to a failed attempt began. */
  readonly answer: string | null;
}

export interface DeliveryFilter {
  readonly state: DeliveryState | null;
  readonly topic: string | null;
  readonly orderId: string | null;
}

/** A place in the log; microseconds are kept as text. */
export interface DeliveryPlace {
  readonly createdAt: string;
  readonly id: string;
}

/** More attempts than three days can hold, replays included; the newest are shown. */
const MOST_ATTEMPTS = 200;

const COLUMNS = `d.id, d.topic, d.account_id as "accountId", d.order_id as "orderId", d.version, d.sequence, d.changed, d.announced_at as "announcedAt", d.state,
  d.attempts, d.next_attempt_at as "nextAttemptAt", d.give_up_at as "giveUpAt", d.created_at as "createdAt", d.finished_at as "finishedAt",
  a.outcome as "lastOutcome", a.status as "lastStatus"`;
const TABLES = `webhook_deliveries d left join webhook_attempts a on a.delivery_id = d.id and a.attempt = d.attempts`;

/** The log of what was sent to a webhook. The caller has made sure whose webhook it is. */
@Injectable()
export class WebhookDeliveries {
  constructor(
    private readonly database: Database,
    private readonly vault: WebhookVault,
  ) {}

  /** Newest first, behind `after`. */
  async list(webhookId: string, filter: DeliveryFilter, page: { after: DeliveryPlace | null; limit: number }): Promise<(Delivery & { place: string })[]> {
    return this.database.query(
      `select ${COLUMNS}, d.created_at::text as place from ${TABLES}
       where d.webhook_id = $1 and ($2::text is null or d.state = $2) and ($3::text is null or d.topic = $3) and ($4::text is null or d.order_id = $4)
         and ($5::timestamptz is null or (d.created_at, d.id) < ($5, $6::uuid))
       order by d.created_at desc, d.id desc limit $7`,
      [webhookId, filter.state, filter.topic, filter.orderId, page.after?.createdAt ?? null, page.after?.id ?? null, page.limit],
    );
  }

  async find(webhookId: string, id: string): Promise<Delivery | null> {
    const [row] = await this.database.query<Delivery>(`select ${COLUMNS} from ${TABLES} where d.webhook_id = $1 and d.id = $2`, [webhookId, id]);
    return row ?? null;
  }

  /** Newest first. */
  async attempts(id: string): Promise<DeliveryAttempt[]> {
    const rows = await this.database.query<DeliveryAttempt & { answer: Buffer | null }>(
      `select attempt, started_at as "startedAt", duration_ms as "durationMs", outcome, status, answer from webhook_attempts
       where delivery_id = $1 order by attempt desc limit ${String(MOST_ATTEMPTS)}`,
      [id],
    );
    return rows.map((row) => ({ ...row, answer: row.answer && answerText(this.vault.open(id, 'answer', row.answer)) }));
  }
}
