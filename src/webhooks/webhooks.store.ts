import { query, type Transaction } from '../platform/database/transaction.js';
import { WEBHOOK_DISABLED } from './event-types.js';
import type { DisabledReason, Payload } from './webhooks.read-model.js';

/** Retries of a delivery end three days after it was owed. */
export const GIVE_UP_AFTER = `interval '3 days'`;

/** Each adds a signature to a header of every request; nobody exchanges a secret five times in a week but by mistake. */
const MOST_PREVIOUS_SECRETS = 4;

const FEED_NOW = `(select coalesce(max(epoch), 0) from event_log.epochs), pg_snapshot_xmin(pg_current_snapshot()), 0`;

export interface WebhookSettings {
  readonly url: Buffer;
  readonly description: string | null;
  readonly eventTypes: readonly string[];
  readonly tokenIds: readonly string[];
  readonly accountIds: readonly string[];
  readonly payload: Payload;
}

export interface NewWebhook extends WebhookSettings {
  readonly id: string;
  readonly tenantId: string;
  readonly secret: Buffer;
}

const settingsOf = (settings: WebhookSettings): unknown[] => {
  const { url, description, eventTypes, tokenIds, accountIds, payload } = settings;
  return [url, description, eventTypes, tokenIds, accountIds, payload];
};

/** Adds a webhook that is told what happens from now on. @returns false when the tenant has `most` already */
export async function addWebhook(tx: Transaction, webhook: NewWebhook, most: number): Promise<boolean> {
  await query(tx, `select pg_advisory_xact_lock(hashtextextended('webhooks:' || $1, 0))`, [webhook.tenantId]);
  const rows = await query(
    tx,
    `insert into webhooks (id, tenant_id, secret, url, description, event_types, token_ids, account_ids, payload, state, since_epoch, since_xid, since_seq)
     select $1, $2, $3, $4, $5, $6, $7, $8, $9, 'active', ${FEED_NOW}
     where (select count(*) from webhooks where tenant_id = $2 and state <> 'deleted') < $10 returning id`,
    [webhook.id, webhook.tenantId, webhook.secret, ...settingsOf(webhook), most],
  );
  return rows.length > 0;
}

export async function saveSettings(tx: Transaction, id: string, settings: WebhookSettings): Promise<void> {
  await query(
    tx,
    `update webhooks set url = $2, description = $3, event_types = $4, token_ids = $5, account_ids = $6, payload = $7, updated_at = now() where id = $1`,
    [id, ...settingsOf(settings)],
  );
}

/** Switches a webhook on: it is told what happens from now on, and its earlier failures are forgotten. */
export async function enableWebhook(tx: Transaction, id: string): Promise<void> {
  await query(
    tx,
    `update webhooks set state = 'active', disabled_reason = null, disabled_at = null, failures = 0, failing_since = null, quiet_until = null,
       (since_epoch, since_xid, since_seq) = (select ${FEED_NOW}), updated_at = now() where id = $1 and state = 'disabled'`,
    [id],
  );
}

/**
 * Switches a webhook off; what is owed to it ends, a replay brings it back. A tenant may take over the switching off of one whose receiver
 * was the reason: then it is trouble no more.
 * @returns false when it was off already
 */
export async function disableWebhook(tx: Transaction, id: string, reason: DisabledReason): Promise<boolean> {
  const rows = await query(
    tx,
    `update webhooks set state = 'disabled', disabled_reason = $2, disabled_at = case when state = 'active' then now() else disabled_at end, replay_since = null,
       updated_at = now()
     where id = $1 and (state = 'active' or (state = 'disabled' and $2 = 'by_tenant' and disabled_reason <> 'by_tenant')) returning id`,
    [id, reason],
  );
  if (rows.length === 0) return false;
  await query(
    tx,
    `update webhook_deliveries set state = 'failed', finished_at = now(), claim = null, claimed_until = null where webhook_id = $1 and state = 'owed'`,
    [id],
  );
  return true;
}

/** Owes the tenant's other webhooks the news that this one was switched off because of its receiver. */
export async function oweNotice(tx: Transaction, id: string): Promise<void> {
  await query(
    tx,
    `insert into webhook_deliveries (id, webhook_id, topic, subject_id, announced_at, give_up_at)
     select gen_random_uuid(), other.id, $2, w.id, now(), now() + ${GIVE_UP_AFTER}
     from webhooks w join webhooks other on other.tenant_id = w.tenant_id and other.id <> w.id and other.state = 'active'
     where w.id = $1 and (cardinality(other.event_types) = 0 or $2 = any (other.event_types))`,
    [id, WEBHOOK_DISABLED],
  );
}

/** Nothing is sent any more and nobody sees it; its rows go in batches. */
export async function forgetWebhook(tx: Transaction, id: string): Promise<void> {
  await query(tx, `update webhooks set state = 'deleted', replay_since = null, updated_at = now() where id = $1`, [id]);
  await query(tx, `delete from webhook_previous_secrets where webhook_id = $1`, [id]);
}

/**
 * The secret of so far signs beside the new one until then; those before it as long as was promised. Without an overlap all end at once.
 * @returns false, with nothing changed, when the most that may sign side by side already do
 */
export async function rotateSecret(tx: Transaction, id: string, secret: Buffer, overlapHours: number): Promise<boolean> {
  await query(tx, `select from webhooks where id = $1 for update`, [id]);
  await query(tx, `delete from webhook_previous_secrets where webhook_id = $1 and (valid_until <= now() or $2 = 0)`, [id, overlapHours]);
  const kept = await query(tx, `select from webhook_previous_secrets where webhook_id = $1`, [id]);
  if (kept.length >= MOST_PREVIOUS_SECRETS) return false;
  const previous = `select id, secret, now() + make_interval(hours => $2) from webhooks where id = $1 and $2 > 0`;
  await query(tx, `insert into webhook_previous_secrets (webhook_id, secret, valid_until) ${previous}`, [id, overlapHours]);
  await query(tx, `update webhooks set secret = $2, updated_at = now() where id = $1`, [id, secret]);
  return true;
}

/** Owes everything again that was announced since then, from the oldest announcement kept. @returns false while another replay runs */
export async function beginReplay(tx: Transaction, id: string, since: Date): Promise<boolean> {
  const rows = await query(
    tx,
    `update webhooks set replay_since = $2, replay_epoch = 0, replay_xid = '0', replay_seq = 0, updated_at = now()
     where id = $1 and state = 'active' and replay_since is null returning id`,
    [id, since],
  );
  return rows.length > 0;
}

/** Removes some rows of webhooks that were deleted, then the webhooks themselves. @returns how many rows went */
export async function removeDeleted(tx: Transaction, limit: number): Promise<number> {
  const gone = await query<{ id: string }>(
    tx,
    `delete from webhook_deliveries where id in (
       select d.id from webhooks w join webhook_deliveries d on d.webhook_id = w.id where w.state = 'deleted' limit $1) returning id`,
    [limit],
  );
  await query(tx, `delete from webhook_attempts where delivery_id = any ($1)`, [gone.map(({ id }) => id)]);
  const webhooks = await query(
    tx,
    `delete from webhooks w where w.state = 'deleted' and not exists (select from webhook_deliveries d where d.webhook_id = w.id) returning id`,
  );
  return gone.length + webhooks.length;
}
