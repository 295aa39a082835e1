import { query, type Transaction } from '../platform/database/transaction.js';
import type { LookedAt } from './alert-rule.js';
import type { Finding } from './findings.js';

/** Any number nothing else in the database locks by. */
const LOOKING_LOCK = '7114250012';

export interface LiveAlert extends LookedAt {
  readonly id: string;
  readonly kind: string;
  readonly accountId: string | null;
  readonly subject: string;
  readonly detail: string;
}

/** True when no other process is looking; held until the transaction ends. */
export async function lockLooking(tx: Transaction): Promise<boolean> {
  const [row] = await query<{ locked: boolean }>(tx, 'select pg_try_advisory_xact_lock($1::bigint) as locked', [LOOKING_LOCK]);
  return row?.locked === true;
}

export async function liveAlerts(tx: Transaction): Promise<LiveAlert[]> {
  return query<LiveAlert>(
    tx,
    `select id, kind, account_id as "accountId", subject, state, bad_looks as "badLooks", good_looks as "goodLooks", detail from alerts where state <> 'closed'`,
  );
}

/** A new one, watched or opened at once. */
export async function addAlert(tx: Transaction, { kind, tenantId, accountId, subject, detail, figures }: Finding, next: LookedAt): Promise<void> {
  await query(
    tx,
    `insert into alerts (kind, tenant_id, account_id, subject, state, bad_looks, good_looks, detail, figures, opened_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, case when $5 = 'open' then now() end)`,
    [kind, tenantId, accountId, subject, next.state, next.badLooks, next.goodLooks, detail, JSON.stringify(figures)],
  );
}

/** @param finding what was seen now; null leaves the last one standing */
export async function saveAlert(tx: Transaction, id: string, next: LookedAt, finding: Finding | null): Promise<void> {
  await query(
    tx,
    `update alerts set state = $2, bad_looks = $3, good_looks = $4, detail = coalesce($5, detail), figures = coalesce($6::jsonb, figures),
       opened_at = case when $2 = 'open' then coalesce(opened_at, now()) end, updated_at = now() where id = $1`,
    [id, next.state, next.badLooks, next.goodLooks, finding?.detail ?? null, finding && JSON.stringify(finding.figures)],
  );
}

export async function closeAlert(tx: Transaction, id: string): Promise<void> {
  await query(tx, `update alerts set state = 'closed', closed_at = now(), updated_at = now() where id = $1`, [id]);
}

export async function forgetAlert(tx: Transaction, id: string): Promise<void> {
  await query(tx, `delete from alerts where id = $1 and state = 'watching'`, [id]);
}

/** The receiver heard of this state of the alert. */
export async function noteTold(tx: Transaction, id: string, state: string): Promise<void> {
  await query(tx, `update alerts set told_state = $2 where id = $1`, [id, state]);
}

/** Deletes closed alerts; one whose receiver did not hear of its end yet stays. */
export async function removeClosed(tx: Transaction, { days, limit }: { readonly days: number; readonly limit: number }): Promise<number> {
  const rows = await query(
    tx,
    `delete from alerts where id in (
       select id from alerts where state = 'closed' and told_state = 'closed' and closed_at < now() - make_interval(days => $1)
       order by closed_at limit $2 for update skip locked) returning id`,
    [days, limit],
  );
  return rows.length;
}
