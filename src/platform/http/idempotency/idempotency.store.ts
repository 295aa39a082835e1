import { query, type Transaction } from '../../database/transaction.js';

/** Whose key it is: two callers never meet over one, whatever they choose. */
export interface CallKey {
  readonly tenantId: string;
  readonly actor: string;
  readonly key: string;
}

/** A key as it is stored. */
export interface StoredCall {
  readonly fingerprint: Buffer;
  /** Null while the first request is being answered. */
  readonly status: number | null;
  /** Sealed; null when it is not kept. */
  readonly answer: Buffer | null;
}

/**
 * Takes a key for a request: a new one, one older than a day, or one whose first request died and that comes again with the same content.
 * @returns false when the key has been answered, or is somebody's at the moment
 */
export async function takeKey(
  tx: Transaction,
  { tenantId, actor, key }: CallKey,
  { fingerprint, owner, leaseSeconds }: { fingerprint: Buffer; owner: string; leaseSeconds: number },
): Promise<boolean> {
  const rows = await query(
    tx,
    `insert into idempotency_keys as k (tenant_id, actor, key, fingerprint, owner, locked_until)
     values ($1, $2, $3, $4, $5, clock_timestamp() + make_interval(secs => $6))
     on conflict (tenant_id, actor, key) do update set fingerprint = excluded.fingerprint, owner = excluded.owner, locked_until = excluded.locked_until,
       status = null, answer = null, created_at = clock_timestamp()
     where k.created_at < clock_timestamp() - interval '24 hours'
       or (k.status is null and k.locked_until < clock_timestamp() and k.fingerprint = excluded.fingerprint)
     returning 1`,
    [tenantId, actor, key, fingerprint, owner, leaseSeconds],
  );
  return rows.length === 1;
}

export async function findKey(tx: Transaction, { tenantId, actor, key }: CallKey): Promise<StoredCall | undefined> {
  const [row] = await query<StoredCall>(tx, 'select fingerprint, status, answer from idempotency_keys where tenant_id = $1 and actor = $2 and key = $3', [
    tenantId,
    actor,
    key,
  ]);
  return row;
}

/** Stores what was answered; nothing where the key was taken by another request since. */
export async function storeAnswer(
  tx: Transaction,
  { tenantId, actor, key }: CallKey,
  { owner, status, answer }: { owner: string; status: number; answer: Buffer | null },
): Promise<void> {
  await query(tx, `update idempotency_keys set status = $5, answer = $6, owner = null where tenant_id = $1 and actor = $2 and key = $3 and owner = $4`, [
    tenantId,
    actor,
    key,
    owner,
    status,
    answer,
  ]);
}

/** Frees a key whose request failed. */
export async function freeKey(tx: Transaction, { tenantId, actor, key }: CallKey, owner: string): Promise<void> {
  await query(tx, 'delete from idempotency_keys where tenant_id = $1 and actor = $2 and key = $3 and owner = $4', [tenantId, actor, key, owner]);
}

export interface KeptAnswer extends CallKey {
  readonly answer: Buffer;
}

/** The answers that are kept of a tenant, behind a key of a caller. */
export async function keptAnswers(tx: Transaction, after: CallKey, limit: number): Promise<KeptAnswer[]> {
  return query<KeptAnswer>(
    tx,
    `select tenant_id as "tenantId", actor, key, answer from idempotency_keys
     where tenant_id = $1 and (actor, key) > ($2, $3) and answer is not null order by actor, key limit $4`,
    [after.tenantId, after.actor, after.key, limit],
  );
}

/** Drops an answer and keeps the key, so that a repetition is still recognised. */
export async function forgetAnswer(tx: Transaction, { tenantId, actor, key }: CallKey): Promise<void> {
  await query(tx, 'update idempotency_keys set answer = null where tenant_id = $1 and actor = $2 and key = $3 and status is not null', [tenantId, actor, key]);
}

/** Keys older than `days`; fewer than `limit` says that none are left. */
export async function removeKeys(tx: Transaction, { days, limit }: { readonly days: number; readonly limit: number }): Promise<number> {
  const rows = await query(
    tx,
    `delete from idempotency_keys where (tenant_id, actor, key) in (
       select tenant_id, actor, key from idempotency_keys where created_at < now() - make_interval(days => $1) order by created_at limit $2
       for update skip locked) returning 1`,
    [days, limit],
  );
  return rows.length;
}
