import { Problem } from '../core/problem.js';

/** Nothing was checked, so nothing was found whole either. */
export function nothingToVerify(): Problem {
  return new Problem('NOTHING_TO_VERIFY', {
    status: 404,
    detail: 'There is nothing to verify: the log of this account holds no such order, or nothing at all.',
  });
}
