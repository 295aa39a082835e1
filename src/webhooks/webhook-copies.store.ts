import { query, type Transaction } from '../platform/database/transaction.js';

/** Takes away what receivers answered about these orders. @returns how many answers there were */
export async function forgetAnswers(tx: Transaction, accountId: string, orderIds: readonly string[]): Promise<number> {
  const rows = await query(
    tx,
    `update webhook_attempts set answer = null where account_id = $1 and order_id = any ($2) and answer is not null returning attempt`,
    [accountId, orderIds],
  );
  return rows.length;
}

/** Deliveries that ended long ago, with their attempts. */
export async function removeEnded(tx: Transaction, { days, limit }: { readonly days: number; readonly limit: number }): Promise<number> {
  const gone = await query<{ id: string }>(
    tx,
    `delete from webhook_deliveries where id in (
       select id from webhook_deliveries where finished_at < now() - make_interval(days => $1) order by finished_at limit $2 for update skip locked) returning id`,
    [days, limit],
  );
  await query(tx, `delete from webhook_attempts where delivery_id = any ($1)`, [gone.map(({ id }) => id)]);
  return gone.length;
}
