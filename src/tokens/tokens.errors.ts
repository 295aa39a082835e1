import { Problem } from '../core/problem.js';
import type { TokenState } from './token-state.js';

/** A token that does not exist, or belongs to somebody else: nobody can tell the two apart. */
export function tokenNotFound(): Problem {
  return new Problem('TOKEN_NOT_FOUND', { status: 404, detail: 'There is no such token.' });
}

export function accountNameTaken(accountName: string): Problem {
  return new Problem('ACCOUNT_NAME_TAKEN', {
    status: 409,
    detail: `An active token is named "${accountName}" already; choose another name or delete that token first.`,
  });
}

export function linkInProgress(accountName: string): Problem {
  return new Problem('LINK_IN_PROGRESS', {
    status: 409,
    detail: `The name "${accountName}" is held by a link that waits for consent; finish it, revoke its task, or let it expire.`,
  });
}

/** The consent was given by another seller than the one whose orders stand under this name. */
export function accountMismatch(accountName: string): Problem {
  return new Problem('ACCOUNT_MISMATCH', {
    status: 409,
    detail: `"${accountName}" belongs to another Allegro seller than the one who gave consent; nothing was changed. Use a new name for the other seller.`,
    extra: { conflicts: 1 },
  });
}

export function needsReauth(): Problem {
  return new Problem('TOKEN_NEEDS_REAUTH', { status: 409, detail: 'Allegro no longer accepts this token; the seller has to link the account again.' });
}

export function tokenDeactivated(): Problem {
  return new Problem('TOKEN_DEACTIVATED', { status: 409, detail: 'This token is deactivated: it can be read, not used.' });
}

/** Why a token in this state cannot be used to ask Allegro. */
export function notUsable(state: TokenState): Problem {
  if (state === 'needs_reauth') return needsReauth();
  return state === 'deactivated' ? tokenDeactivated() : tokenNotFound();
}

export function wrongEnvironment(environment: string): Problem {
  return new Problem('WRONG_ENVIRONMENT', {
    status: 409,
    detail: `This token belongs to Allegro's ${environment} environment; the service is connected to the other one.`,
  });
}

/** @param seconds until the failed refresh is repeated */
export function refreshPostponed(seconds: number): Problem {
  return new Problem('TOKEN_REFRESH_POSTPONED', {
    status: 503,
    retry: 'later',
    retryAfterSeconds: Math.max(1, Math.ceil(seconds)),
    detail: 'The last refresh of this token failed at Allegro; it is repeated shortly.',
  });
}

export function refreshBusy(): Problem {
  return new Problem('TOKEN_REFRESH_BUSY', {
    status: 503,
    retry: 'later',
    retryAfterSeconds: 2,
    detail: 'The refresh of this token has not ended yet; ask again shortly.',
  });
}

export function pairRefused(detail: string): Problem {
  return new Problem('TOKEN_REFUSED', { status: 422, detail });
}

export function changeConflict(): Problem {
  return new Problem('WRITE_CONFLICT', { status: 409, retry: 'now', detail: 'The token was changed at the same time; ask again.' });
}

export function linkCancelled(): Problem {
  return new Problem('LINK_CANCELLED', { status: 409, detail: 'The token this link was for was deleted or linked in another way meanwhile.' });
}
