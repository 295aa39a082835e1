import { query, type Transaction } from '../platform/database/transaction.js';

/** An erasure as it is decided; `until` null: whatever was bought up to now. */
export interface NewErasure {
  readonly id: string;
  readonly accountId: string;
  readonly tenantId: string;
  readonly until: Date | null;
  readonly requestedBy: string;
  readonly reason: string;
  readonly references: readonly Buffer[];
  readonly orderIds: readonly string[];
}

/** Destroys the keys and remembers whom; false when this erasure is known already. Must be the first statement of its transaction. */
export async function destroyKeys(tx: Transaction, erasure: NewErasure): Promise<boolean> {
  const { id, accountId, tenantId, until, requestedBy, reason, references, orderIds } = erasure;
  const [row] = await query<{ destroyed: boolean }>(tx, 'select vault.destroy_keys($1, $2, $3, $4, $5, $6, $7, $8) as destroyed', [
    id,
    accountId,
    tenantId,
    until,
    requestedBy,
    reason,
    references,
    orderIds,
  ]);
  return row?.destroyed === true;
}

export async function beginProgress(
  tx: Transaction,
  progress: { readonly erasureId: string; readonly tenantId: string; readonly accountId: string; readonly taskId: string; readonly traits: Buffer },
): Promise<void> {
  await query(tx, 'insert into erasure_progress (erasure_id, tenant_id, account_id, task_id, traits_sealed) values ($1, $2, $3, $4, $5)', [
    progress.erasureId,
    progress.tenantId,
    progress.accountId,
    progress.taskId,
    progress.traits,
  ]);
}

/** A holder cleaned its copies; what was noted of it before stays, because cleaning again finds nothing. */
export async function noteCleaned(tx: Transaction, erasureId: string, holder: string, copies: number): Promise<void> {
  await query(
    tx,
    `update erasure_progress set cleaned = jsonb_build_object($2::text, jsonb_build_object('copies', $3::int, 'cleaned_at', now())) || cleaned, updated_at = now()
     where erasure_id = $1`,
    [erasureId, holder, copies],
  );
}

export async function noteListed(tx: Transaction, erasureId: string): Promise<void> {
  await query(tx, 'update erasure_progress set listed_at = coalesce(listed_at, now()), updated_at = now() where erasure_id = $1', [erasureId]);
}

/** All copies are clean: what the buyer was recognised by is forgotten too. */
export async function complete(tx: Transaction, erasureId: string): Promise<void> {
  await query(tx, `update erasure_progress set completed_at = coalesce(completed_at, now()), traits_sealed = null, updated_at = now() where erasure_id = $1`, [
    erasureId,
  ]);
}

/** Holds an unfinished erasure that nothing works on; false when another process does, or took it up before. */
export async function holdAbandoned(tx: Transaction, erasureId: string, taskId: string | null): Promise<boolean> {
  const rows = await query(
    tx,
    `select erasure_id from erasure_progress
     where erasure_id = $1 and task_id is not distinct from $2::uuid and completed_at is null for update skip locked`,
    [erasureId, taskId],
  );
  return rows.length > 0;
}

export async function noteTask(tx: Transaction, erasureId: string, taskId: string): Promise<void> {
  await query(tx, 'update erasure_progress set task_id = $2, updated_at = now() where erasure_id = $1', [erasureId, taskId]);
}
