import { Injectable } from '@nestjs/common';
import type { JsonObject } from '../../core/json.js';
import { query, type Transaction } from '../database/transaction.js';
import { RunStopped } from './job-run.js';
import { sourcesOf, type Task, type TaskClaim } from './task.js';
import { TASK_COLUMNS } from './task-columns.js';

export interface NewTask {
  readonly tenantId: string;
  readonly accountId?: string | null;
  readonly tokenId?: string | null;
  /** The queue the task waits in: serial with everything of the same key. Token id for syncs, else 'auth' or 'maintenance'. */
  readonly queueKey: string;
  readonly taskType: string;
  /** Ids and options only, no secrets and no buyers' data: clients see them. */
  readonly params?: JsonObject;
  readonly description: string;
  readonly parentTaskId?: string | null;
  /** Default: now. */
  readonly dueAt?: Date;
}

export interface DueTask {
  readonly id: string;
  readonly queueKey: string;
}

export interface GivenBack {
  readonly dueAt: Date;
  readonly reason: string | null;
  /** False for what is no failed attempt: a shutdown, a postponement. */
  readonly counted: boolean;
}

export type Finished = { readonly status: 'SUCCESS'; readonly result: JsonObject } | { readonly status: 'FAILURE'; readonly error: string };

/** A run that says nothing this long is taken over; the same as the lock of the queues, so neither waits for the other. */
const SILENT_AFTER = `interval '15 seconds'`;
/** What was put into a queue and is still not running is put there again: the queue may have lost it. An add that is there already changes nothing. */
const ENQUEUE_AGAIN_AFTER = `interval '15 seconds'`;

const CLAIMABLE = `((status = 'PENDING' and due_at <= now()) or (status = 'STARTED' and heartbeat_at < now() - ${SILENT_AFTER}))`;

/** The rows of owed work. Every change of status is a compare-and-set over the allowed transitions and the run's generation. */
@Injectable()
export class TaskStore {
  async create(tx: Transaction, task: NewTask): Promise<Task> {
    const sql = `insert into tasks (tenant_id, account_id, token_id, queue_key, task_type, params, description, parent_task_id, due_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8, coalesce($9, now())) returning ${TASK_COLUMNS}`;
    const { tenantId, accountId = null, tokenId = null, queueKey, taskType, params = {}, description, parentTaskId = null } = task;
    const values = [tenantId, accountId, tokenId, queueKey, taskType, JSON.stringify(params), description, parentTaskId, task.dueAt ?? null];
    const [created] = await query<Task>(tx, sql, values);
    if (!created) throw new Error('an inserted task was not returned');
    return created;
  }

  async find(tx: Transaction, id: string): Promise<Task | null> {
    const [task] = await query<Task>(tx, `select ${TASK_COLUMNS} from tasks where id = $1`, [id]);
    return task ?? null;
  }

  /** Starts a run: a waiting task that is due, or a running one whose process fell silent. Null: somebody else has it, or nobody should. */
  async claim(tx: Transaction, id: string): Promise<Task | null> {
    const sql = `update tasks set status = 'STARTED', generation = generation + 1, attempts = attempts + 1, progress = null, error = null,
        heartbeat_at = now(), started_at = coalesce(started_at, now()), updated_at = now()
      where id = $1 and status = any($2) and ${CLAIMABLE} returning ${TASK_COLUMNS}`;
    const [task] = await query<Task>(tx, sql, [id, sourcesOf('STARTED')]);
    return task ?? null;
  }

  /** The fence of an effect in the same transaction: until it commits nobody can take the task over. @throws RunStopped when it is no longer this run's. */
  async assertOwned(tx: Transaction, claim: TaskClaim): Promise<void> {
    const sql = `select id from tasks where id = $1 and generation = $2 and status = 'STARTED' for share`;
    if ((await query(tx, sql, [claim.id, claim.generation])).length === 0) throw new RunStopped('not-owner');
  }

  /** Says that the run lives. False: the task is no longer this run's. */
  async beat(tx: Transaction, claim: TaskClaim): Promise<boolean> {
    const sql = `update tasks set heartbeat_at = now() where id = $1 and generation = $2 and status = 'STARTED' returning id`;
    return (await query(tx, sql, [claim.id, claim.generation])).length > 0;
  }

  /**
   * A task that gets further than ever before is no crash loop: its attempts are counted anew.
   * @param fraction 0 to 1. False: the task is no longer this run's.
   */
  async progress(tx: Transaction, claim: TaskClaim, fraction: number): Promise<boolean> {
    const sql = `update tasks set progress = $3::real, attempts = case when $3::real > furthest then 0 else attempts end,
        furthest = greatest(furthest, $3::real), heartbeat_at = now(), updated_at = now()
      where id = $1 and generation = $2 and status = 'STARTED' returning id`;
    return (await query(tx, sql, [claim.id, claim.generation, fraction])).length > 0;
  }

  /** False: the task is no longer this run's and stays as its new owner left it. */
  async finish(tx: Transaction, claim: TaskClaim, outcome: Finished): Promise<boolean> {
    const result = outcome.status === 'SUCCESS' ? JSON.stringify(outcome.result) : null;
    const error = outcome.status === 'FAILURE' ? outcome.error : null;
    const sql = `update tasks set status = $4, result = $5, error = $6, progress = case when $4 = 'SUCCESS' then 1 else progress end,
        finished_at = now(), updated_at = now()
      where id = $1 and generation = $2 and status = any($3) returning id`;
    return (await query(tx, sql, [claim.id, claim.generation, sourcesOf(outcome.status), outcome.status, result, error])).length > 0;
  }

  /** Makes a running task wait again. False: the task is no longer this run's. */
  async giveBack(tx: Transaction, claim: TaskClaim, back: GivenBack): Promise<boolean> {
    const sql = `update tasks set status = 'PENDING', due_at = $4, error = $5, attempts = greatest(attempts - $6::int, 0), enqueued_at = null, updated_at = now()
      where id = $1 and generation = $2 and status = any($3) returning id`;
    const values = [claim.id, claim.generation, sourcesOf('PENDING'), back.dueAt, back.reason, back.counted ? 0 : 1];
    return (await query(tx, sql, values)).length > 0;
  }

  /** Ends a task that is waiting or running; the new generation shuts its run out. Null: it is finished already, or not there. */
  async revoke(tx: Transaction, id: string): Promise<Task | null> {
    const sql = `update tasks set status = 'REVOKED', generation = generation + 1, finished_at = now(), updated_at = now()
      where id = $1 and status = any($2) returning ${TASK_COLUMNS}`;
    const [task] = await query<Task>(tx, sql, [id, sourcesOf('REVOKED')]);
    return task ?? null;
  }

  /** Takes up to `limit` tasks that should be in a queue and may not be: due and waiting, or running in a process that fell silent. */
  async takeDue(tx: Transaction, limit: number): Promise<DueTask[]> {
    const sql = `update tasks set enqueued_at = now() where id in (
        select id from tasks where status in ('PENDING', 'STARTED') and ${CLAIMABLE}
          and (enqueued_at is null or enqueued_at < greatest(due_at, now() - ${ENQUEUE_AGAIN_AFTER}))
        order by due_at limit $1 for update skip locked)
      returning id, queue_key as "queueKey"`;
    return query<DueTask>(tx, sql, [limit]);
  }

  /** Notes whether a task is known to be in its queue, so that the loop neither doubles the work nor waits before it tries again. */
  async noteEnqueued(tx: Transaction, ids: readonly string[], enqueued: boolean): Promise<void> {
    const sql = `update tasks set enqueued_at = case when $2 then now() end where id = any($1) and status in ('PENDING', 'STARTED')`;
    await query(tx, sql, [ids, enqueued]);
  }
}
