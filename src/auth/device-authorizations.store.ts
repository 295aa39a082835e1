import type { JsonObject } from '../core/json.js';
import { query, type Transaction } from '../platform/database/transaction.js';
import type { SealedPair } from '../tokens/pair-vault.service.js';

export interface NewAuthorization {
  readonly id: string;
  readonly tenantId: string;
  readonly tokenId: string;
  readonly expectedAccountId: string | null;
  readonly accountName: string;
  readonly taskId: string;
  readonly deviceHash: Buffer;
  readonly deviceSealed: Buffer;
  readonly intervalSeconds: number;
  readonly expiresInSeconds: number;
}

/** Longer than one poll may take (10 s) by as much again: a code is never asked for from two places. */
const POLL_LEASE_SECONDS = 20;

export async function insertAuthorization(tx: Transaction, row: NewAuthorization): Promise<void> {
  await query(
    tx,
    `insert into device_authorizations (id, tenant_id, token_id, expected_account_id, account_name, task_id, device_hash, device_sealed,
       interval_seconds, expires_at, status)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, now() + make_interval(secs => $10), 'pending')`,
    [
      row.id,
      row.tenantId,
      row.tokenId,
      row.expectedAccountId,
      row.accountName,
      row.taskId,
      row.deviceHash,
      row.deviceSealed,
      row.intervalSeconds,
      row.expiresInSeconds,
    ],
  );
}

/** Takes the right to poll once; false while another process polls or the link has ended. */
export async function claimPoll(tx: Transaction, id: string): Promise<boolean> {
  const rows = await query(
    tx,
    `update device_authorizations set poll_lease_until = now() + make_interval(secs => $2), polls = polls + 1, updated_at = now()
     where id = $1 and status = 'pending' and (poll_lease_until is null or poll_lease_until <= now()) returning id`,
    [id, POLL_LEASE_SECONDS],
  );
  return rows.length > 0;
}

/** Ends a poll without tokens; the next one comes after the interval. */
export async function endPoll(tx: Transaction, id: string, intervalSeconds: number): Promise<void> {
  const sql = `update device_authorizations set poll_lease_until = null, interval_seconds = $2, updated_at = now() where id = $1 and status = 'pending'`;
  await query(tx, sql, [id, intervalSeconds]);
}

/** Keeps the pair a device code gave, the only time it gives one; false when the link has ended meanwhile. */
export async function keepGrant(tx: Transaction, id: string, pair: SealedPair): Promise<boolean> {
  const rows = await query(
    tx,
    `update device_authorizations set status = 'granted', poll_lease_until = null, device_sealed = null, updated_at = now(),
       access_sealed = $2, refresh_sealed = $3, pair_expires_at = now() + make_interval(secs => $4), pair_scope = $5
     where id = $1 and status = 'pending' returning id`,
    [id, pair.access, pair.refresh, pair.expiresInSeconds, pair.scope],
  );
  return rows.length > 0;
}

/** The link succeeded: the pair lives with the token now, and is forgotten here. */
export async function completeAuthorization(tx: Transaction, id: string, result: JsonObject): Promise<void> {
  await query(
    tx,
    `update device_authorizations set status = 'completed', result = $2, access_sealed = null, refresh_sealed = null, updated_at = now()
     where id = $1 and status = 'granted'`,
    [id, JSON.stringify(result)],
  );
}

/** The link came to nothing; false when it has ended before. */
export async function failAuthorization(
  tx: Transaction,
  id: string,
  failure: { status: 'failed' | 'expired'; code: string; detail: string },
): Promise<boolean> {
  const rows = await query(
    tx,
    `update device_authorizations set status = $2, failure_code = $3, failure_detail = $4, poll_lease_until = null, updated_at = now(),
       device_sealed = null, access_sealed = null, refresh_sealed = null
     where id = $1 and status in ('pending', 'granted') returning id`,
    [id, failure.status, failure.code, failure.detail],
  );
  return rows.length > 0;
}

/** How many links of a tenant are being polled for now. */
export async function countWaiting(tx: Transaction, tenantId: string): Promise<number> {
  const [row] = await query<{ waiting: number }>(
    tx,
    `select count(*)::int as waiting from device_authorizations a join tasks on tasks.id = a.task_id
     where a.tenant_id = $1 and a.status = 'pending' and a.expires_at > now() and tasks.status in ('PENDING', 'STARTED')`,
    [tenantId],
  );
  return row?.waiting ?? 0;
}

/** Ends the links under a name whose task was revoked or failed. @returns the tokens whose name is free again */
export async function endAbandoned(tx: Transaction, tenantId: string, accountName: string): Promise<string[]> {
  const rows = await query<{ tokenId: string }>(
    tx,
    `update device_authorizations set status = 'failed', failure_code = 'LINK_STOPPED', failure_detail = 'Linking was stopped.', updated_at = now(),
       device_sealed = null, access_sealed = null, refresh_sealed = null
     where tenant_id = $1 and account_name = $2 and status in ('pending', 'granted')
       and exists (select from tasks where tasks.id = task_id and tasks.status in ('REVOKED', 'FAILURE'))
     returning token_id as "tokenId"`,
    [tenantId, accountName],
  );
  return rows.map((row) => row.tokenId);
}
