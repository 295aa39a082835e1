import { Problem } from '../../../core/problem.js';

export const rateLimited = (retryAfterSeconds: number): Problem =>
  new Problem('RATE_LIMITED', {
    status: 429,
    detail: `Your tenant has used up its requests of this minute; go on in ${String(retryAfterSeconds)} s.`,
    retry: 'later',
    retryAfterSeconds,
    extra: { 'violated-policies': ['tenant'] },
  });

export const tooManyRefusals = (retryAfterSeconds: number): Problem =>
  new Problem('TOO_MANY_REFUSALS', {
    status: 429,
    detail: 'Too many requests from your address were refused; valid requests are answered all the same.',
    retry: 'later',
    retryAfterSeconds,
  });
