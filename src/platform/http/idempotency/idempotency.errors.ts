import { Problem } from '../../../core/problem.js';

export const keyReused = (): Problem =>
  new Problem('IDEMPOTENCY_KEY_REUSED', { status: 422, detail: 'This Idempotency-Key was used for another request: another route, query or body.' });

export const keyInFlight = (retryAfterSeconds: number): Problem =>
  new Problem('IDEMPOTENCY_KEY_IN_FLIGHT', {
    status: 409,
    detail: 'The first request with this Idempotency-Key is not answered yet.',
    retry: 'later',
    retryAfterSeconds,
  });

export const answerForgotten = (): Problem =>
  new Problem('IDEMPOTENT_ANSWER_FORGOTTEN', {
    status: 409,
    detail: 'The request with this Idempotency-Key was done; its answer is not kept any more. Nothing was done again.',
  });
