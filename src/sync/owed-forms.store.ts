import { query, type Transaction } from '../platform/database/transaction.js';
import { isPoison, nextTry, type OwedForm } from './owed-form.js';

/** An owed form as stored, its answer sealed. */
export interface OwedRow extends OwedForm {
  readonly sealedAnswer: { readonly keyId: string | null; readonly sealed: Buffer } | null;
}

/** The last tries of an order a person may look at. */
const TRIES_KEPT = 20;

/**
 * Owes a form that did not land; one owed before counts one more attempt.
 * @param othersLanded only then is the failure the order's own: an outage puts nothing aside
 */
export async function oweForm(tx: Transaction, accountId: string, form: OwedRow, othersLanded: boolean): Promise<void> {
  const now = new Date();
  const [row] = await query<{ attempts: number; consecutive: number }>(
    tx,
    `insert into owed_forms as o (account_id, order_id, reason, attempts, next_try_at, last_error, last_status, trace_id, consecutive, tries,
       answer_sealed, answer_key_id, answer_content_type)
     values ($1, $2, $3, 1, now(), $4, $5, $6, $7, $8::jsonb, $9, $10, $11)
     on conflict (account_id, order_id) do update set reason = excluded.reason, attempts = o.attempts + 1, last_error = excluded.last_error,
       last_status = excluded.last_status, trace_id = excluded.trace_id, consecutive = o.consecutive + $7, updated_at = now(),
       tries = (case when jsonb_array_length(o.tries) < $12 then o.tries else o.tries - 0 end) || excluded.tries,
       answer_sealed = coalesce(excluded.answer_sealed, o.answer_sealed),
       answer_key_id = case when excluded.answer_sealed is null then o.answer_key_id else excluded.answer_key_id end,
       answer_content_type = coalesce(excluded.answer_content_type, o.answer_content_type)
     returning attempts, consecutive`,
    [accountId, ...valuesOf(form, othersLanded, now)],
  );
  const { attempts, consecutive } = row ?? { attempts: 1, consecutive: 0 };
  const due = nextTry(attempts, now, Math.random(), form.reason);
  await query(
    tx,
    `update owed_forms set next_try_at = $3, parked_at = case when $4 then coalesce(parked_at, now()) end where account_id = $1 and order_id = $2`,
    [accountId, form.orderId, due, isPoison(form.reason, consecutive)],
  );
}

function valuesOf(form: OwedRow, othersLanded: boolean, now: Date): unknown[] {
  const { orderId, reason, error, allegroStatus, traceId, sealedAnswer, answer } = form;
  const counts = othersLanded && reason !== 'dirty' ? 1 : 0;
  const tries = JSON.stringify([{ at: now.toISOString(), reason, error, allegro_status: allegroStatus, trace_id: traceId }]);
  const kept = sealedAnswer ? [sealedAnswer.sealed, sealedAnswer.keyId, answer?.contentType ?? null] : [null, null, null];
  return [orderId, reason, error, allegroStatus, traceId, counts, tries, ...kept, TRIES_KEPT];
}

/** The forms of these orders landed: nothing is owed any more. */
export async function settleForms(tx: Transaction, accountId: string, orderIds: readonly string[]): Promise<void> {
  if (orderIds.length === 0) return;
  await query(tx, `delete from owed_forms where account_id = $1 and order_id = any ($2)`, [accountId, orderIds]);
}

/** Makes owed forms due now, as often as a person asks; answers their order ids. */
export async function dueNow(tx: Transaction, accountId: string, filter: { orderId: string | null; reason: string | null }): Promise<string[]> {
  const rows = await query<{ orderId: string }>(
    tx,
    `update owed_forms set next_try_at = now(), parked_at = null, consecutive = 0, updated_at = now()
     where account_id = $1 and ($2::text is null or order_id = $2) and ($3::text is null or reason = $3) returning order_id as "orderId"`,
    [accountId, filter.orderId, filter.reason],
  );
  return rows.map((row) => row.orderId);
}
