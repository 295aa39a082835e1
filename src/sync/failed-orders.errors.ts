import { Problem } from '../core/problem.js';

export function failedOrderNotFound(): Problem {
  return new Problem('FAILED_ORDER_NOT_FOUND', { status: 404, detail: 'Nothing is owed of this order: it has landed, or the account has no such order.' });
}

export function taskNotRetryable(detail: string): Problem {
  return new Problem('TASK_NOT_RETRYABLE', { status: 409, detail });
}
