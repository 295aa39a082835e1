import type { JsonObject } from '../core/json.js';
import { query, type Transaction } from '../platform/database/transaction.js';
import { TASK_COLUMNS } from '../platform/jobs/task-columns.js';
import type { Task } from '../platform/jobs/task.js';

/** A sync that somebody asks for. */
export interface SyncWish {
  readonly accountId: string;
  readonly taskType: 'sync_incremental' | 'sync_full' | 'sweep';
  readonly params: JsonObject;
}

/**
 * The waiting task that does exactly what is wished, or null. Wishes for one account wait here for each other until the
 * transaction ends, so that two at once do not both find nothing.
 */
export async function waitingSync(tx: Transaction, wish: SyncWish): Promise<Task | null> {
  await query(tx, `select pg_advisory_xact_lock(hashtextextended('sync-wish:' || $1, 0))`, [wish.accountId]);
  const [task] = await query<Task>(
    tx,
    `select ${TASK_COLUMNS} from tasks where account_id = $1 and task_type = $2 and params = $3::jsonb and status = 'PENDING' order by created_at limit 1`,
    [wish.accountId, wish.taskType, JSON.stringify(wish.params)],
  );
  return task ?? null;
}

/** Closes the run of a revoked task whose process can no longer do it; one that lives adds its counts when it stops. */
export async function cancelRunOf(tx: Transaction, taskId: string): Promise<void> {
  await query(
    tx,
    `update sync_runs set sync_status = 'CANCELLED', sync_completed_at = now(), updated_at = now() where task_id = $1 and sync_status = 'RUNNING'`,
    [taskId],
  );
}
