import { query, type Transaction } from '../platform/database/transaction.js';
import { TASK_COLUMNS } from '../platform/jobs/task-columns.js';
import type { Task } from '../platform/jobs/task.js';

/** The task that tries a failed one again and has not ended; whoever asks at the same moment waits here and finds it. */
export async function retryOf(tx: Transaction, taskId: string): Promise<Task | null> {
  await query(tx, `select id from tasks where id = $1 for update`, [taskId]);
  const [task] = await query<Task>(tx, `select ${TASK_COLUMNS} from tasks where parent_task_id = $1 and status in ('PENDING', 'STARTED') limit 1`, [taskId]);
  return task ?? null;
}

/** Failed tasks of a tenant that nobody has tried again, oldest first. @param wanted.except a type that cannot be */
export async function untriedTasks(tx: Transaction, wanted: { tenantId: string; taskType: string | null; except: string }, limit: number): Promise<Task[]> {
  return query<Task>(
    tx,
    `select ${TASK_COLUMNS} from tasks t where tenant_id = $1 and status = 'FAILURE' and ($2::text is null or task_type = $2) and task_type <> $3
       and not exists (select from tasks child where child.parent_task_id = t.id) order by created_at, id limit $4`,
    [wanted.tenantId, wanted.taskType, wanted.except, limit],
  );
}
