import { query, type Transaction } from '../platform/database/transaction.js';
import type { Purpose, ShownClaim } from './claim-check.js';
import { type LoadedFlagsRow, ORDER_FLAGS, type OrderFlagsRow, orderFlagsOf } from './order-flags-row.js';

/** Locks of one account: a large change takes no more of them, two orders rarely share one. */
const LOCKS_PER_ACCOUNT = 64;

/**
 * Keeps claims and changes of the same orders apart until the transaction ends, so that nobody sets a flag on the strength of what was
 * true before a claim. Advisory, because row locks would be taken in another order than the sync takes them.
 */
export async function lockFlags(tx: Transaction, accountId: string, streamIds: readonly string[]): Promise<void> {
  await query(
    tx,
    `select pg_advisory_xact_lock(hashtextextended('flags:' || $1 || ':' || place, 0))
     from (select distinct id % ${String(LOCKS_PER_ACCOUNT)} as place from unnest($2::bigint[]) as id order by place) as places`,
    [accountId, streamIds],
  );
}

/** Flags, successor and living claims of orders, by stream. */
export async function loadOrderFlags(tx: Transaction, streamIds: readonly string[]): Promise<Map<string, OrderFlagsRow>> {
  const rows = await query<LoadedFlagsRow>(tx, `${ORDER_FLAGS} where f.stream_id = any ($1::bigint[])`, [streamIds]);
  return new Map(rows.map((row) => [row.streamId, orderFlagsOf(row)]));
}

export interface NewClaim {
  readonly streamId: string;
  readonly accountId: string;
  readonly orderId: string;
  readonly purpose: Purpose;
  readonly leaseId: string;
  readonly holder: string;
  readonly ttlSeconds: number;
}

export interface ClaimTimes {
  readonly fencingToken: number;
  readonly claimedAt: Date;
  readonly expiresAt: Date;
}

/** Takes the claim unless somebody's lives. The row stays for ever, so that the fencing token only grows. */
export async function takeClaim(tx: Transaction, claim: NewClaim): Promise<ClaimTimes | undefined> {
  const [row] = await query<ClaimTimes>(
    tx,
    `insert into order_claims as c (stream_id, purpose, account_id, order_id, fencing_token, lease_id, holder, claimed_at, expires_at)
     values ($1, $2, $3, $4, 1, $5, $6, clock_timestamp(), clock_timestamp() + make_interval(secs => $7))
     on conflict (stream_id, purpose) do update set fencing_token = c.fencing_token + 1, lease_id = excluded.lease_id, holder = excluded.holder,
       claimed_at = excluded.claimed_at, expires_at = excluded.expires_at
     where c.lease_id is null or c.expires_at <= clock_timestamp()
     returning fencing_token::int as "fencingToken", claimed_at as "claimedAt", expires_at as "expiresAt"`,
    [claim.streamId, claim.purpose, claim.accountId, claim.orderId, claim.leaseId, claim.holder, claim.ttlSeconds],
  );
  return row;
}

/** Prolongs a claim that lives; undefined when it is over. */
export async function renewClaim(tx: Transaction, streamId: string, { leaseId, fencingToken }: ShownClaim, ttlSeconds: number): Promise<Date | undefined> {
  const [row] = await query<{ expiresAt: Date }>(
    tx,
    `update order_claims set expires_at = clock_timestamp() + make_interval(secs => $4)
     where stream_id = $1 and lease_id = $2 and fencing_token = $3 and expires_at > clock_timestamp() returning expires_at as "expiresAt"`,
    [streamId, leaseId, fencingToken, ttlSeconds],
  );
  return row?.expiresAt;
}

/** Gives a claim back; false when it was over. */
export async function releaseClaim(tx: Transaction, streamId: string, { leaseId, fencingToken }: ShownClaim): Promise<boolean> {
  const rows = await query(
    tx,
    `update order_claims set lease_id = null where stream_id = $1 and lease_id = $2 and fencing_token = $3 and expires_at > clock_timestamp() returning purpose`,
    [streamId, leaseId, fencingToken],
  );
  return rows.length === 1;
}
