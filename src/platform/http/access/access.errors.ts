import { Problem } from '../../../core/problem.js';
import type { RejectionReason } from './rejection.js';

/** 401 without saying which check failed, apart from what the owner of a real token needs to know. */
export function unauthenticated(reason: RejectionReason): Problem {
  if (reason === 'missing') {
    return new Problem('ACCESS_TOKEN_REQUIRED', { status: 401, detail: 'This call needs an access token: Authorization: Bearer <JWT>.' });
  }
  const detail = reason === 'expired' ? 'The access token has expired.' : 'The access token is not valid.';
  return new Problem('ACCESS_TOKEN_INVALID', { status: 401, detail });
}

export function roleTooLow(roles: readonly string[]): Problem {
  const needed = roles.length === 0 ? 'another role' : `one of the roles ${roles.join(', ')}`;
  return new Problem('ROLE_TOO_LOW', { status: 403, detail: `This call needs ${needed}.` });
}

/** What a role that is too low gets in another tenant: the same, whether something is there or not. */
export function outOfReach(): Problem {
  return new Problem('OUT_OF_REACH', { status: 404, detail: 'There is nothing at this address for your role in that tenant.' });
}

export function reasonRequired(): Problem {
  return new Problem('REASON_REQUIRED', { status: 400, detail: 'In another tenant this call needs a reason: reason= in the query, a ticket or a sentence.' });
}

/** What is missing of what a machine key, or support, may be given. */
export function scopeMissing(scope: string): Problem {
  return new Problem('SCOPE_MISSING', { status: 403, detail: `This call needs the scope ${scope}.`, extra: { scope } });
}

export function machineKeyRefused(): Problem {
  return new Problem('MACHINE_KEY_REFUSED', { status: 403, detail: 'No machine key may make this call; it needs a person with an access token.' });
}

export function tenantNameRefused(): Problem {
  return new Problem('VALIDATION_FAILED', {
    status: 422,
    detail: 'user_id must be the name of one tenant: 1 to 64 characters.',
    extra: { errors: [{ field: 'user_id', message: 'must be the name of one tenant: 1 to 64 characters' }] },
  });
}
