/** The select list that reads a row of `tasks` as a `Task`. */
export const TASK_COLUMNS = `id, tenant_id as "tenantId", account_id as "accountId", token_id as "tokenId", queue_key as "queueKey",
  task_type as "taskType", status, params, progress, result, error, description, parent_task_id as "parentTaskId", attempts, generation,
  due_at as "dueAt", created_at as "createdAt", started_at as "startedAt", finished_at as "finishedAt", updated_at as "updatedAt"`;
