import type { JsonObject } from '../../core/json.js';

/** Stored in `tasks.status` and shown to clients as they are. */
export const TASK_STATUSES = ['PENDING', 'STARTED', 'SUCCESS', 'FAILURE', 'REVOKED'] as const;
export type TaskStatus = (typeof TASK_STATUSES)[number];

/** One unit of owed work. */
export interface Task {
  readonly id: string;
  readonly tenantId: string;
  readonly accountId: string | null;
  readonly tokenId: string | null;
  readonly queueKey: string;
  readonly taskType: string;
  readonly status: TaskStatus;
  readonly params: JsonObject;
  /** 0 to 1. */
  readonly progress: number | null;
  readonly result: JsonObject | null;
  readonly error: string | null;
  readonly description: string;
  readonly parentTaskId: string | null;
  /** Claims that were not given back voluntarily; a process killed in the middle counts. */
  readonly attempts: number;
  /** Grows with every claim and revoke: the fence of everything a run does. */
  readonly generation: string;
  readonly dueAt: Date;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  readonly updatedAt: Date;
}

/** A claim on a task: every write of a run names both, and changes nothing once another run holds a newer generation. */
export type TaskClaim = Pick<Task, 'id' | 'generation'>;

/**
 * Every change of status there is. STARTED to STARTED is the takeover of a run whose process died or froze;
 * STARTED to PENDING gives a task back. What is finished never changes again.
 */
const TRANSITIONS: Readonly<Record<TaskStatus, readonly TaskStatus[]>> = {
  PENDING: ['STARTED', 'REVOKED'],
  STARTED: ['STARTED', 'PENDING', 'SUCCESS', 'FAILURE', 'REVOKED'],
  SUCCESS: [],
  FAILURE: [],
  REVOKED: [],
};

export function mayBecome(from: TaskStatus, to: TaskStatus): boolean {
  return TRANSITIONS[from].includes(to);
}

/** The statuses from which a task may become `to`: the compare part of the store's compare-and-set. */
export function sourcesOf(to: TaskStatus): TaskStatus[] {
  return TASK_STATUSES.filter((from) => mayBecome(from, to));
}

/** Nothing happens to such a task any more. */
export function isFinished(status: TaskStatus): boolean {
  return TRANSITIONS[status].length === 0;
}
