import { query, type Transaction } from '../platform/database/transaction.js';

/** One for each program of a seller and one for its successor; more are keys nobody remembers. */
export const MOST_LIVE_KEYS = 50;
/** Ended keys beyond these go at once, oldest first: making and revoking must not fill the table. */
const MOST_ENDED_KEYS = 1_000;

export interface NewKey {
  readonly id: string;
  readonly tenantId: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly hash: Buffer;
  readonly createdBy: string;
  readonly expiresAt: Date;
}

const IS_LIVE = 'revoked_at is null and expires_at > now()';

/** @returns false when the tenant has as many live keys as it may */
export async function addKey(tx: Transaction, key: NewKey): Promise<boolean> {
  await query(tx, `select pg_advisory_xact_lock(hashtextextended('machine-keys:' || $1, 0))`, [key.tenantId]);
  await query(
    tx,
    `delete from machine_keys where id in (
       select id from machine_keys where tenant_id = $1 and not (${IS_LIVE}) order by created_at desc, id desc offset ${String(MOST_ENDED_KEYS)})`,
    [key.tenantId],
  );
  const rows = await query(
    tx,
    `insert into machine_keys (id, tenant_id, name, scopes, secret_hash, created_by, expires_at)
     select $1, $2, $3, $4, $5, $6, $7
     where (select count(*) from machine_keys where tenant_id = $2 and ${IS_LIVE}) < ${String(MOST_LIVE_KEYS)} returning id`,
    [key.id, key.tenantId, key.name, key.scopes, key.hash, key.createdBy, key.expiresAt],
  );
  return rows.length > 0;
}

export interface NewSecret {
  readonly hash: Buffer;
  /** How long the secret of so far is taken too. */
  readonly overlapHours: number;
  /** null: as before. */
  readonly expiresAt: Date | null;
}

/** A new secret; the one before the present one ends at once. @returns false when the key has ended */
export async function rotateKey(tx: Transaction, tenantId: string, id: string, { hash, overlapHours, expiresAt }: NewSecret): Promise<boolean> {
  const rows = await query(
    tx,
    `update machine_keys set previous_hash = case when $4::int > 0 then secret_hash end,
       previous_until = case when $4::int > 0 then now() + make_interval(hours => $4::int) end,
       secret_hash = $3, expires_at = coalesce($5::timestamptz, expires_at), rotated_at = now()
     where tenant_id = $1 and id = $2 and ${IS_LIVE} returning id`,
    [tenantId, id, hash, overlapHours, expiresAt],
  );
  return rows.length > 0;
}

/** @returns false when it was revoked already */
export async function revokeKey(tx: Transaction, tenantId: string, id: string, revokedBy: string): Promise<boolean> {
  const rows = await query(
    tx,
    `update machine_keys set revoked_at = now(), revoked_by = $3, previous_hash = null, previous_until = null
     where tenant_id = $1 and id = $2 and revoked_at is null returning id`,
    [tenantId, id, revokedBy],
  );
  return rows.length > 0;
}

/** Keys that ended more than `days` ago; fewer than `limit` says that none are left. */
export async function removeEndedKeys(tx: Transaction, { days, limit }: { readonly days: number; readonly limit: number }): Promise<number> {
  const rows = await query(
    tx,
    `delete from machine_keys where id in (
       select id from machine_keys where coalesce(revoked_at, expires_at) < now() - make_interval(days => $1)
       order by coalesce(revoked_at, expires_at) limit $2 for update skip locked) returning 1`,
    [days, limit],
  );
  return rows.length;
}
