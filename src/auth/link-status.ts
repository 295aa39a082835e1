import type { TaskStatus } from '../platform/jobs/task.js';

export type AuthorizationStatus = 'pending' | 'granted' | 'completed' | 'failed' | 'expired';

export interface LinkState {
  readonly status: AuthorizationStatus;
  readonly secondsLeft: number;
  readonly failureDetail: string | null;
  readonly taskStatus: TaskStatus;
}

export interface LinkStatus {
  readonly status: 'pending' | 'completed' | 'failed' | 'expired';
  readonly message: string;
}

const MESSAGES = {
  pending: 'Waiting for the seller to give consent at Allegro.',
  granted: 'Consent was given; the account is being linked.',
  completed: 'The account is linked.',
  expired: 'The time to give consent ran out; start again.',
  revoked: 'Linking was stopped.',
  failed: 'Linking failed; start again.',
} as const;

/** The end of a link that its row or its task tells; null while neither has ended. */
function endOf(state: LinkState): LinkStatus | null {
  if (state.status === 'completed') return { status: 'completed', message: MESSAGES.completed };
  if (state.status === 'failed') return { status: 'failed', message: state.failureDetail ?? MESSAGES.failed };
  if (state.status === 'expired') return { status: 'expired', message: MESSAGES.expired };
  if (state.taskStatus === 'REVOKED') return { status: 'failed', message: MESSAGES.revoked };
  return state.taskStatus === 'FAILURE' ? { status: 'failed', message: MESSAGES.failed } : null;
}

/** Where a link stands, from what is stored alone. */
export function linkStatus(state: LinkState): LinkStatus {
  const end = endOf(state);
  if (end) return end;
  if (state.status === 'granted') return { status: 'pending', message: MESSAGES.granted };
  return state.secondsLeft <= 0 ? { status: 'expired', message: MESSAGES.expired } : { status: 'pending', message: MESSAGES.pending };
}

/** The task of a link as clients are told: the row ends in one transaction with the account, the task a moment later, and the two must not contradict. */
export function linkTaskStatus({ status, taskStatus }: LinkState): TaskStatus {
  if (taskStatus !== 'PENDING' && taskStatus !== 'STARTED') return taskStatus;
  if (status === 'completed') return 'SUCCESS';
  return status === 'failed' || status === 'expired' ? 'FAILURE' : taskStatus;
}
