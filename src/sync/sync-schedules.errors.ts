import { Problem } from '../core/problem.js';
import { validationFailed } from '../platform/http/http.errors.js';

/** 400, not 409: what existing clients know. */
export function alreadyActive(): Problem {
  return new Problem('ALREADY_ACTIVE', { status: 400, detail: 'Automatic sync is active for this token already; deactivate it first to change its interval.' });
}

export function notActive(): Problem {
  return new Problem('AUTOSYNC_NOT_ACTIVE', { status: 404, detail: 'Automatic sync is not active for this token.' });
}

/** What the operator allows may be narrower than what the document says. */
export function intervalTooShort(shortestMinutes: number): Problem {
  return validationFailed([{ field: 'interval_minutes', message: `interval_minutes must be a whole number from ${String(shortestMinutes)} to 1440` }]);
}
