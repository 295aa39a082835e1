import { Problem } from '../core/problem.js';

/** An item that does not exist or is another account's: nobody can tell the two apart. */
export function itemNotFound(): Problem {
  return new Problem('QUARANTINE_ITEM_NOT_FOUND', { status: 404, detail: 'This account has no such item in quarantine.' });
}

export function itemDecided(status: string): Problem {
  return new Problem('QUARANTINE_ITEM_DECIDED', { status: 409, detail: `The item was decided already (${status}).` });
}

export function itemNotReleasable(detail: string): Problem {
  return new Problem('QUARANTINE_ITEM_NOT_RELEASABLE', { status: 409, detail });
}
