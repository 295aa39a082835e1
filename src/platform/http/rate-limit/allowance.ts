/** What is counted: all requests of a tenant, and of these the ones that ask Allegro or send something. */
export type Policy = 'tenant' | 'outgoing';

/** What is left of a limit in its window. */
export interface Allowance {
  readonly policy: Policy;
  readonly limit: number;
  readonly windowSeconds: number;
  readonly remaining: number;
  /** Until the window ends, at least 1. */
  readonly resetSeconds: number;
  readonly isSpent: boolean;
}

/**
 * The headers of allowances, the narrowest last: `RateLimit` and `RateLimit-Policy` as the IETF draft has them (structured fields, a member
 * for each), beside them the older `X-RateLimit-*` of the narrowest, whose reset is an instant in seconds since 1970.
 */
export function allowanceHeaders(allowances: readonly Allowance[], nowMs: number): Readonly<Record<string, string>> {
  const narrowest = allowances.at(-1);
  if (!narrowest) return {};
  const listed = (member: (allowance: Allowance) => string) => allowances.map((allowance) => `"${allowance.policy}";${member(allowance)}`).join(', ');
  return {
    'RateLimit-Policy': listed(({ limit, windowSeconds }) => `q=${String(limit)};w=${String(windowSeconds)}`),
    RateLimit: listed(({ remaining, resetSeconds }) => `r=${String(remaining)};t=${String(resetSeconds)}`),
    'X-RateLimit-Limit': String(narrowest.limit),
    'X-RateLimit-Remaining': String(narrowest.remaining),
    'X-RateLimit-Reset': String(Math.ceil(nowMs / 1_000) + narrowest.resetSeconds),
  };
}
