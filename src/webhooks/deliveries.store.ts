import { query, type Transaction } from '../platform/database/transaction.js';
import { type AfterFailure, FAILURES_TO_QUIET } from './after-answer.js';
import type { WebhookEvent } from './webhook-message.js';
import type { Payload } from './webhooks.read-model.js';
import { GIVE_UP_AFTER } from './webhooks.store.js';

/** A slow receiver occupies so many requests and no more. */
const AT_ONCE_PER_WEBHOOK = 8;
/** A process that was killed is succeeded after this time; one that lives renews its claims well before. */
const CLAIM = `interval '5 seconds'`;

/** A delivery this process sends now, with what that takes. */
export interface ClaimedDelivery extends WebhookEvent {
  readonly url: Buffer;
  readonly secret: Buffer;
  /** Signs too while it is set. */
  readonly previousSecrets: readonly Buffer[];
  readonly payload: Payload;
  readonly failures: number;
  readonly giveUpAt: Date;
}

/**
 * Claims deliveries that are due: the first of each order alone, some of each webhook, one of a webhook whose receiver is in trouble.
 * Another process asking at the same moment gets others.
 */
export async function claimDue(tx: Transaction, claim: string, limit: number): Promise<ClaimedDelivery[]> {
  return query<ClaimedDelivery>(
    tx,
    `with ready as materialized (
       select w.id, case when w.failures >= ${String(FAILURES_TO_QUIET)} then 1 else ${String(AT_ONCE_PER_WEBHOOK)} end
         - (select count(*) from webhook_deliveries c where c.webhook_id = w.id and c.claim is not null and c.claimed_until > now()) as room
       from webhooks w where w.state = 'active' and (w.quiet_until is null or w.quiet_until <= now())),
     due as (
       select found.id from ready r cross join lateral (
         select d.id, d.next_attempt_at from webhook_deliveries d
         where d.webhook_id = r.id and d.state = 'owed' and d.next_attempt_at <= now() and (d.claimed_until is null or d.claimed_until <= now())
           and not exists (
             select from webhook_deliveries e where e.webhook_id = d.webhook_id and e.account_id = d.account_id and e.order_id = d.order_id
               and e.state = 'owed' and e.sequence < d.sequence)
         order by d.next_attempt_at, d.sequence limit greatest(r.room, 0) for update skip locked) found
       order by found.next_attempt_at limit $2)
     update webhook_deliveries d set claim = $1, claimed_until = now() + ${CLAIM}
     from due, webhooks w
     where d.id = due.id and w.id = d.webhook_id
     returning d.id, d.webhook_id as "webhookId", d.topic, d.subject_id as "subjectId", d.account_id as "accountId", d.order_id as "orderId", d.version,
       d.sequence, d.changed, d.announced_at as "announcedAt", d.failures, d.give_up_at as "giveUpAt", w.url, w.secret, w.payload,
       array(select p.secret from webhook_previous_secrets p where p.webhook_id = w.id and p.valid_until > now() order by p.valid_until desc) as "previousSecrets",
       (select a.lead_token_id from accounts a where a.id = d.account_id) as "tokenId"`,
    [claim, limit],
  );
}

/** Keeps what this process is sending for itself. */
export async function renewClaims(tx: Transaction, claim: string): Promise<void> {
  await query(tx, `update webhook_deliveries set claimed_until = now() + ${CLAIM} where claim = $1 and claimed_until > now()`, [claim]);
}

/** Gives back what was not sent to its end. */
export async function releaseClaims(tx: Transaction, claim: string): Promise<void> {
  await query(tx, `update webhook_deliveries set claim = null, claimed_until = null where claim = $1`, [claim]);
}

export interface Ending {
  readonly id: string;
  readonly claim: string;
  /** null: it is given up, unless it was delivered. */
  readonly nextAttemptAt: Date | null;
  readonly delivered: boolean;
}

/** Ends an attempt. @returns its number; null when the claim was lost or the delivery is owed no more: then nothing changed */
export async function endAttempt(tx: Transaction, { id, claim, nextAttemptAt, delivered }: Ending): Promise<number | null> {
  const state = delivered ? 'delivered' : nextAttemptAt === null ? 'failed' : 'owed';
  const [row] = await query<{ attempts: number }>(
    tx,
    `update webhook_deliveries set state = $3, attempts = attempts + 1, failures = case when $3 = 'delivered' then 0 else failures + 1 end,
       next_attempt_at = coalesce($4, next_attempt_at), claim = null, claimed_until = null, finished_at = case when $3 = 'owed' then null else now() end
     where id = $1 and claim = $2 and state = 'owed' returning attempts`,
    [id, claim, state, nextAttemptAt],
  );
  return row?.attempts ?? null;
}

export interface Attempt {
  readonly deliveryId: string;
  readonly attempt: number;
  readonly accountId: string | null;
  readonly orderId: string | null;
  readonly startedAt: Date;
  readonly durationMs: number;
  readonly outcome: string;
  readonly status: number | null;
  readonly answer: Buffer | null;
}

/** An answer about an order whose buyer was erased while it was under way is not kept. */
const UNLESS_ERASED = `case when not exists (select from event_log.streams s join vault.order_keys k using (stream_id)
  where s.account_id = $3 and s.order_id = $4 and k.destroyed_at is not null) then $9::bytea end`;

export async function addAttempt(tx: Transaction, attempt: Attempt): Promise<void> {
  const { deliveryId, attempt: number, accountId, orderId, startedAt, durationMs, outcome, status, answer } = attempt;
  await query(
    tx,
    `insert into webhook_attempts (delivery_id, attempt, account_id, order_id, started_at, duration_ms, outcome, status, answer)
     values ($1, $2, $3, $4, $5, $6, $7, $8, ${UNLESS_ERASED})`,
    [deliveryId, number, accountId, orderId, startedAt, durationMs, outcome, status, answer],
  );
}

/** A success ends a series of failures; between failures the row is rarely written, or every delivery would wait for it. */
export async function noteSuccess(tx: Transaction, webhookId: string): Promise<void> {
  await query(
    tx,
    `update webhooks set failures = 0, failing_since = null, quiet_until = null, last_success_at = now()
     where id = $1 and (failures > 0 or failing_since is not null or last_success_at is null or last_success_at < now() - interval '10 seconds')`,
    [webhookId],
  );
}

export interface WebhookTrouble {
  readonly failures: number;
  readonly failingSince: Date | null;
}

/** How the webhook fared before this attempt; its row is held until the transaction ends. */
export async function lockTrouble(tx: Transaction, webhookId: string): Promise<WebhookTrouble | null> {
  const sql = `select failures, failing_since as "failingSince" from webhooks where id = $1 for update`;
  const [row] = await query<WebhookTrouble>(tx, sql, [webhookId]);
  return row ?? null;
}

export async function noteFailure(tx: Transaction, webhookId: string, { quietUntil }: AfterFailure): Promise<void> {
  await query(tx, `update webhooks set failures = failures + 1, failing_since = coalesce(failing_since, now()), quiet_until = $2 where id = $1`, [
    webhookId,
    quietUntil,
  ]);
}

/** Owes a test message, once at a time; it is tried once. @returns its id */
export async function owePing(tx: Transaction, webhookId: string, topic: string): Promise<string> {
  await query(tx, 'select from webhooks where id = $1 for update', [webhookId]);
  const [row] = await query<{ id: string }>(
    tx,
    `with owed as (select id from webhook_deliveries where webhook_id = $1 and topic = $2 and state = 'owed' limit 1),
     added as (
       insert into webhook_deliveries (id, webhook_id, topic, announced_at, give_up_at)
       select gen_random_uuid(), $1, $2, now(), now() where not exists (select from owed) returning id)
     select id from owed union all select id from added`,
    [webhookId, topic],
  );
  if (!row) throw new Error('a test message was neither owed nor added');
  return row.id;
}

/** Owes one delivery again, due at once; one that is owed already is only hurried. @returns false when the webhook has no such delivery */
export async function oweAgain(tx: Transaction, webhookId: string, id: string): Promise<boolean> {
  const rows = await query(
    tx,
    `update webhook_deliveries set state = 'owed', next_attempt_at = now(), finished_at = null,
       failures = case when state = 'owed' then failures else 0 end, give_up_at = case when state = 'owed' then give_up_at else now() + ${GIVE_UP_AFTER} end
     where webhook_id = $1 and id = $2 returning id`,
    [webhookId, id],
  );
  return rows.length > 0;
}
