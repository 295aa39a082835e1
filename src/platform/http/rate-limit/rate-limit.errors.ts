import { Problem } from '../../../core/problem.js';
import type { Policy } from './allowance.js';

const USED_UP: Readonly<Record<Policy, string>> = {
  tenant: 'its requests',
  outgoing: 'its requests that ask Allegro or send something',
};

export const rateLimited = (policy: Policy, retryAfterSeconds: number): Problem =>
  new Problem('RATE_LIMITED', {
    status: 429,
    detail: `Your tenant has used up ${USED_UP[policy]} of this minute; go on in ${String(retryAfterSeconds)} s.`,
    retry: 'later',
    retryAfterSeconds,
    extra: { 'violated-policies': [policy] },
  });

export const tooManyRefusals = (retryAfterSeconds: number): Problem =>
  new Problem('TOO_MANY_REFUSALS', {
    status: 429,
    detail: 'Too many requests from your address were refused; valid requests are answered all the same.',
    retry: 'later',
    retryAfterSeconds,
  });

export const tooManyGuesses = (retryAfterSeconds: number): Problem =>
  new Problem('TOO_MANY_REFUSALS', {
    status: 429,
    detail: 'Too many codes that nobody was given were asked for; codes that exist are answered all the same.',
    retry: 'later',
    retryAfterSeconds,
  });
