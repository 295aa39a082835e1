import { Problem } from '../core/problem.js';

/** @param expiresAt RFC 3339: when the order is free again unless its holder renews */
export const orderClaimed = (purpose: string, expiresAt: string, retryAfterSeconds: number): Problem =>
  new Problem('ORDER_CLAIMED', {
    status: 409,
    detail: `Somebody else works on the ${purpose} of this order, until ${expiresAt} at the latest.`,
    retry: 'later',
    retryAfterSeconds,
    extra: { purpose, expires_at: expiresAt },
  });

export const claimLost = (): Problem =>
  new Problem('CLAIM_LOST', { status: 409, detail: 'This claim has expired, was given back, or somebody has claimed the order after you. Claim it anew.' });
