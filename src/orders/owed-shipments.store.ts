import { query, type Transaction } from '../platform/database/transaction.js';

/** An order whose parcels are to be read. */
export interface OwedShipments {
  readonly orderId: string;
  /** Names the state of the order they are read for. */
  readonly turn: number;
  readonly attempts: number;
}

/** Who looks for a parcel that was sent longer ago than this before the first import finds it at the carrier's no more. */
const OLDEST_PURCHASE = '90 days';
/** Carriers and the panel add numbers within hours of the sending. */
const LATE_AFTER = '6 hours';
/** With the pauses between them, two days of trying. */
const MOST_ATTEMPTS = 8;

/** Owes the parcels of these orders, which are in the log already; those bought long before the account's first import are left alone. */
export async function oweShipments(tx: Transaction, accountId: string, orderIds: readonly string[]): Promise<void> {
  if (orderIds.length === 0) return;
  await query(
    tx,
    `insert into owed_shipments as w (account_id, order_id)
     select $1, s.order_id from event_log.streams s join orders o using (stream_id)
     where s.account_id = $1 and s.order_id = any ($2)
       and o.ordered_at >= coalesce((select started_at from sync_cursors where account_id = $1), now()) - interval '${OLDEST_PURCHASE}'
     order by s.order_id
     on conflict (account_id, order_id) do update set turn = w.turn + 1, has_been_read = false, attempts = 0, next_try_at = now(), given_up_at = null,
       last_error = null, last_status = null`,
    [accountId, orderIds],
  );
}

export async function dueShipments(tx: Transaction, accountId: string, limit: number): Promise<OwedShipments[]> {
  return query<OwedShipments>(
    tx,
    `select order_id as "orderId", turn, attempts from owed_shipments
     where account_id = $1 and given_up_at is null and next_try_at <= now() order by next_try_at desc limit $2`,
    [accountId, limit],
  );
}

/** The parcels of an order were read: they are read once more some hours later, then nothing is owed. */
export async function settleShipments(tx: Transaction, accountId: string, { orderId, turn }: OwedShipments): Promise<void> {
  const values = [accountId, orderId, turn];
  await query(tx, `delete from owed_shipments where account_id = $1 and order_id = $2 and turn = $3 and has_been_read`, values);
  await query(
    tx,
    `update owed_shipments set has_been_read = true, attempts = 0, next_try_at = now() + interval '${LATE_AFTER}', last_error = null, last_status = null
     where account_id = $1 and order_id = $2 and turn = $3`,
    values,
  );
}

/** A reading failed: it is tried again at `nextTryAt`, or given up after some tries until the order changes. */
export async function delayShipments(
  tx: Transaction,
  accountId: string,
  { orderId, turn }: OwedShipments,
  failure: { error: string; allegroStatus: number | null; nextTryAt: Date },
): Promise<void> {
  await query(
    tx,
    `update owed_shipments set attempts = attempts + 1, next_try_at = $4, last_error = $5, last_status = $6,
       given_up_at = case when attempts + 1 >= $7 then now() end
     where account_id = $1 and order_id = $2 and turn = $3`,
    [accountId, orderId, turn, failure.nextTryAt, failure.error, failure.allegroStatus, MOST_ATTEMPTS],
  );
}
