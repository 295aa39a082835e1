import { Problem } from '../core/problem.js';

/** A task or run that does not exist, or belongs to somebody else: nobody can tell the two apart. */
export function taskNotFound(): Problem {
  return new Problem('TASK_NOT_FOUND', { status: 404, detail: 'There is no such task or sync.' });
}

export function taskFinished(status: string): Problem {
  return new Problem('TASK_FINISHED', { status: 409, detail: `It has ended already (${status}); there is nothing to revoke.` });
}

/** A certificate that does not exist, or is another account's. */
export function certificateNotFound(): Problem {
  return new Problem('CERTIFICATE_NOT_FOUND', { status: 404, detail: 'This account has no such certificate.' });
}
