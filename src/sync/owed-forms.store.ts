import { query, type Transaction } from '../platform/database/transaction.js';
import { nextTry, type OwedForm } from './owed-form.js';

/** Owes the forms that did not land; one owed before counts one more attempt. */
export async function oweForms(tx: Transaction, accountId: string, forms: readonly OwedForm[]): Promise<void> {
  for (const form of forms) {
    const [row] = await query<{ attempts: number }>(
      tx,
      `insert into owed_forms as o (account_id, order_id, reason, attempts, next_try_at, last_error, last_status, trace_id)
       values ($1, $2, $3, 1, now(), $4, $5, $6)
       on conflict (account_id, order_id) do update set reason = excluded.reason, attempts = o.attempts + 1, last_error = excluded.last_error,
         last_status = excluded.last_status, trace_id = excluded.trace_id, updated_at = now()
       returning attempts`,
      [accountId, form.orderId, form.reason, form.error, form.allegroStatus, form.traceId],
    );
    const due = nextTry(row?.attempts ?? 1, new Date(), Math.random());
    await query(tx, `update owed_forms set next_try_at = $3 where account_id = $1 and order_id = $2`, [accountId, form.orderId, due]);
  }
}

/** The forms of these orders landed: nothing is owed any more. */
export async function settleForms(tx: Transaction, accountId: string, orderIds: readonly string[]): Promise<void> {
  if (orderIds.length === 0) return;
  await query(tx, `delete from owed_forms where account_id = $1 and order_id = any ($2)`, [accountId, orderIds]);
}
