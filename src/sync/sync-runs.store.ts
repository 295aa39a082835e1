import { query, type Transaction } from '../platform/database/transaction.js';
import type { SyncSession } from './sync-session.js';

export type SyncType = 'incremental' | 'full';
export type EndStatus = 'COMPLETED' | 'FAILED' | 'CANCELLED';

export interface RunStart {
  readonly taskId: string | null;
  readonly syncType: SyncType;
  readonly startedAt: Date;
  readonly from: Date | null;
  readonly to: Date | null;
}

export interface StartedRun {
  readonly id: string;
  /** Where a run that was interrupted goes on. */
  readonly resumeFrom: Date | null;
}

/**
 * Opens the run of a task; a task whose worker died continues its own run.
 * @throws when a later holder of the account's lease has opened it
 */
export async function openRun(
  tx: Transaction,
  session: Pick<SyncSession, 'tenantId' | 'accountId' | 'tokenId' | 'runId' | 'fence'>,
  start: RunStart,
): Promise<StartedRun> {
  const [row] = await query<StartedRun>(
    tx,
    `insert into sync_runs as r (id, tenant_id, account_id, token_id, task_id, sync_type, sync_status, sync_started_at, sync_from_date, sync_to_date,
       generation)
     values ($1, $2, $3, $4, $5, $6, 'RUNNING', $7, $8, $9, $10)
     on conflict (task_id) do update set sync_status = 'RUNNING', sync_completed_at = null, error_message = null, generation = excluded.generation, updated_at = now()
       where r.generation <= excluded.generation
     returning id, resume_from as "resumeFrom"`,
    [session.runId, session.tenantId, session.accountId, session.tokenId, start.taskId, start.syncType, start.startedAt, start.from, start.to,
      session.fence.generation], // prettier-ignore
  );
  if (!row) throw new Error(`the run of task ${String(start.taskId)} belongs to a later holder of the account's lease`);
  return row;
}

/** Where this run goes on should its worker die; commits together with the orders before it. */
export async function saveResumePoint(tx: Transaction, runId: string, at: Date): Promise<void> {
  await query(tx, `update sync_runs set resume_from = greatest(resume_from, $2), updated_at = now() where id = $1`, [runId, at]);
}

/** Closes a run with its counts; one that was not opened (a periodic one) is written now, one that was opened by a later holder of the lease is left alone. */
export async function closeRun(tx: Transaction, session: SyncSession, start: RunStart, end: { status: EndStatus; error: string | null }): Promise<void> {
  const { tally } = session;
  await query(
    tx,
    `insert into sync_runs as r (id, tenant_id, account_id, token_id, task_id, sync_type, sync_status, sync_started_at, sync_from_date, sync_to_date,
       sync_completed_at, orders_processed, orders_added, orders_updated, orders_failed, error_message, generation)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, now(), $11, $12, $13, $14, $15, $16)
     on conflict (id) do update set sync_status = excluded.sync_status, sync_completed_at = now(), orders_processed = r.orders_processed + excluded.orders_processed,
       orders_added = r.orders_added + excluded.orders_added, orders_updated = r.orders_updated + excluded.orders_updated,
       orders_failed = r.orders_failed + excluded.orders_failed, error_message = excluded.error_message, updated_at = now()
       where r.generation = excluded.generation`,
    [session.runId, session.tenantId, session.accountId, session.tokenId, start.taskId, start.syncType, end.status, start.startedAt, start.from, start.to,
      tally.processed.size, tally.created.size, tally.updated.size, tally.failed.size, end.error, session.fence.generation], // prettier-ignore
  );
}

/** Deletes ended runs; the last good one of an account stays, because it tells how current the account is. */
export async function removeRuns(tx: Transaction, { days, limit }: { readonly days: number; readonly limit: number }): Promise<number> {
  const rows = await query(
    tx,
    `delete from sync_runs where id in (
       select r.id from sync_runs r where r.sync_completed_at < now() - make_interval(days => $1) and r.sync_status <> 'RUNNING'
         and (r.sync_status <> 'COMPLETED' or exists (
           select from sync_runs later where later.account_id = r.account_id and later.sync_status = 'COMPLETED'
             and (later.sync_started_at, later.id) > (r.sync_started_at, r.id)))
       order by r.sync_completed_at limit $2 for update of r skip locked) returning id`,
    [days, limit],
  );
  return rows.length;
}
