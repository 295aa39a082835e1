import { ApiProperty } from '@nestjs/swagger';
import type { JsonObject } from '../core/json.js';
import { type Task, TASK_STATUSES, type TaskStatus } from '../platform/jobs/task.js';

const INSTANT = { format: 'date-time' } as const;
const MAYBE_INSTANT = { type: String, format: 'date-time', nullable: true } as const;
const MAYBE_TEXT = { type: String, nullable: true } as const;
const MAYBE_OBJECT = { type: 'object', additionalProperties: true, nullable: true, example: { orders_processed: 12, orders_created: 2 } } as const;
const PARAMS = { type: 'object', additionalProperties: true, example: { from: null } } as const;
const STATUS = { enum: TASK_STATUSES } as const;

export class TaskView {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ format: 'uuid' })
  task_id!: string;

  @ApiProperty()
  user_id!: string;

  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  token_id!: string | null;

  @ApiProperty()
  task_type!: string;

  @ApiProperty(STATUS)
  status!: TaskStatus;

  @ApiProperty(PARAMS)
  params!: JsonObject;

  @ApiProperty(MAYBE_OBJECT)
  result!: JsonObject | null;

  @ApiProperty(MAYBE_TEXT)
  error!: string | null;

  @ApiProperty({ ...INSTANT, description: 'When it was asked for, as long as it waits.' })
  started_at!: string;

  @ApiProperty(MAYBE_INSTANT)
  finished_at!: string | null;

  @ApiProperty(INSTANT)
  updated_at!: string;

  @ApiProperty()
  description!: string;

  @ApiProperty({ type: Number, nullable: true, minimum: 0, maximum: 1 })
  progress!: number | null;

  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  parent_task_id!: string | null;

  @ApiProperty(INSTANT)
  created_at!: string;

  @ApiProperty({ ...INSTANT, description: 'A waiting task does not run before.' })
  due_at!: string;

  @ApiProperty()
  attempts!: number;
}

export class TaskStateView {
  @ApiProperty({ format: 'uuid' })
  task_id!: string;

  @ApiProperty(STATUS)
  status!: TaskStatus;

  @ApiProperty(MAYBE_OBJECT)
  result!: JsonObject | null;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    example: { task_type: 'sync_full', progress: 0.5 },
    description: 'Type, description, progress and error.',
  })
  info!: JsonObject;

  @ApiProperty()
  user_id!: string;
}

export class TaskResultView {
  @ApiProperty({ format: 'uuid' })
  task_id!: string;

  @ApiProperty(STATUS)
  status!: TaskStatus;

  @ApiProperty(MAYBE_OBJECT)
  result!: JsonObject | null;

  @ApiProperty(MAYBE_TEXT)
  error!: string | null;

  @ApiProperty({ type: Number, nullable: true })
  progress!: number | null;

  @ApiProperty(INSTANT)
  started_at!: string;

  @ApiProperty(MAYBE_INSTANT)
  finished_at!: string | null;

  @ApiProperty(INSTANT)
  updated_at!: string;

  @ApiProperty(PARAMS)
  params!: JsonObject;

  @ApiProperty()
  description!: string;
}

export class RevokedView {
  @ApiProperty()
  message!: string;

  @ApiProperty({ format: 'uuid' })
  task_id!: string;

  @ApiProperty({ enum: ['REVOKED'] })
  status!: 'REVOKED';
}

export function taskResultView(task: Task): TaskResultView {
  return {
    task_id: task.id,
    status: task.status,
    result: task.result,
    error: task.error,
    progress: task.progress,
    // Clients of the predecessor always found an instant here.
    started_at: (task.startedAt ?? task.createdAt).toISOString(),
    finished_at: task.finishedAt?.toISOString() ?? null,
    updated_at: task.updatedAt.toISOString(),
    params: task.params,
    description: task.description,
  };
}

export function taskView(task: Task): TaskView {
  return {
    ...taskResultView(task),
    id: task.id,
    user_id: task.tenantId,
    token_id: task.tokenId,
    task_type: task.taskType,
    parent_task_id: task.parentTaskId,
    created_at: task.createdAt.toISOString(),
    due_at: task.dueAt.toISOString(),
    attempts: task.attempts,
  };
}

export function taskStateView(task: Task): TaskStateView {
  const { taskType, description, progress, error, tokenId } = task;
  const info = { task_type: taskType, description, progress, error, token_id: tokenId };
  return { task_id: task.id, status: task.status, result: task.result, info, user_id: task.tenantId };
}

export function revokedView(taskId: string): RevokedView {
  return { message: 'The task is revoked; a running sync stops at its next safe point.', task_id: taskId, status: 'REVOKED' };
}
