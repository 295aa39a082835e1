import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import { type KeeperOfNotices, KeepersOfNotices, type NoticedOrder, type OrderNotice } from '../platform/notices/keepers-of-notices.js';

// Without the address: it is sealed, because it often holds a secret.
const NOTICES = `
  select w.id as "receiverId", w.description as "receiverName", d.topic as "eventType", d.version, d.state, d.attempts,
    a.outcome as "lastOutcome", a.status as "lastStatus", d.created_at as "owedSince", d.finished_at as "endedAt",
    case when d.state = 'owed' then greatest(d.next_attempt_at, w.quiet_until) end as "nextAttemptAt"
  from webhook_deliveries d join webhooks w on w.id = d.webhook_id left join webhook_attempts a on a.delivery_id = d.id and a.attempt = d.attempts
  where d.account_id = $2 and d.order_id = $3 and d.order_id <> '' and w.tenant_id = $1 and w.state <> 'deleted'
  order by d.created_at desc, d.sequence desc limit $4`;

/** What receivers of webhooks were told of an order. */
@Injectable()
export class WebhookNotices implements KeeperOfNotices {
  constructor(
    private readonly database: Database,
    keepers: KeepersOfNotices,
  ) {
    keepers.register(this);
  }

  async ofOrder({ tenantId, accountId, orderId }: NoticedOrder, limit: number): Promise<OrderNotice[]> {
    return this.database.query<OrderNotice>(NOTICES, [tenantId, accountId, orderId, limit]);
  }
}
