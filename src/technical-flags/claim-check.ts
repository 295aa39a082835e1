/** What a claim is for: the flag that only its holder may set while it lives. */
export type Purpose = 'stock' | 'invoice';

/** A claim that has not expired. */
export interface LiveClaim {
  readonly purpose: Purpose;
  readonly leaseId: string;
  readonly fencingToken: number;
  /** RFC 3339. */
  readonly expiresAt: string;
}

/** What a caller shows to prove a claim. */
export interface ShownClaim {
  readonly leaseId: string;
  readonly fencingToken: number;
}

const isOf = (claim: LiveClaim, shown: ShownClaim | null) => claim.leaseId === shown?.leaseId && claim.fencingToken === shown.fencingToken;

/**
 * Whether the claims on an order let somebody set these flags.
 * @returns `lost` when a claim is shown that covers none of them any more; the claim in the way when somebody else holds one
 */
export function checkClaims(claims: readonly LiveClaim[], purposes: readonly Purpose[], shown: ShownClaim | null): 'free' | 'lost' | LiveClaim {
  const covering = claims.filter((claim) => purposes.includes(claim.purpose));
  if (shown !== null && !covering.some((claim) => isOf(claim, shown))) return 'lost';
  return covering.find((claim) => !isOf(claim, shown)) ?? 'free';
}
