import type { CodeOf } from '../core/problem-catalogue.js';
import { Problem } from '../core/problem.js';

/** Why a link came to nothing, as its task and its status tell. */
export const LINK_FAILURES = {
  CONSENT_DENIED: 'The seller refused consent at Allegro.',
  DEVICE_CODE_EXPIRED: 'The time to give consent ran out; start again.',
  DEVICE_CODE_INVALID: 'Allegro no longer takes this device code: it is wrong, used, or its answer was lost on the way. Start again.',
  IDENTITY_REFUSED: 'Allegro gave tokens but does not say whose they are; start again.',
} as const;

/** How a link can end, as it is stored with the link. */
export type LinkEndCode = CodeOf<409>;

/** The end of a link's task; asking again cannot help. */
export function linkFailed(code: LinkEndCode, detail: string): Problem {
  return new Problem(code, { status: 409, detail });
}

export function deviceCodeUnknown(): Problem {
  return new Problem('DEVICE_CODE_NOT_FOUND', { status: 404, detail: 'There is no such device code.' });
}

export function linkTaskUnknown(): Problem {
  return new Problem('TASK_NOT_FOUND', { status: 404, detail: 'There is no such task.' });
}

export function addressRefused(): Problem {
  return new Problem('VERIFICATION_ADDRESS_REFUSED', {
    status: 502,
    detail: 'The address Allegro gave for consent is not an address of Allegro; it is not shown.',
  });
}

export function tooManyLinks(): Problem {
  return new Problem('TOO_MANY_LINKS', {
    status: 429,
    retry: 'later',
    retryAfterSeconds: 60,
    detail: 'Too many links wait for consent at once; finish or revoke some of them.',
  });
}

export function allegroSlow(): Problem {
  return new Problem('ALLEGRO_SLOW', { status: 503, retry: 'later', retryAfterSeconds: 5, detail: 'Allegro has not answered in time; ask again shortly.' });
}
