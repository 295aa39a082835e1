/** What is left of a limit in its window. */
export interface Allowance {
  readonly limit: number;
  readonly windowSeconds: number;
  readonly remaining: number;
  /** Until the window ends, at least 1. */
  readonly resetSeconds: number;
  readonly isSpent: boolean;
}

/** Name of the policy in the headers. */
const POLICY = '"tenant"';

/**
 * The headers of an allowance: `RateLimit` and `RateLimit-Policy` as the IETF draft has them (structured fields), beside them the older
 * `X-RateLimit-*`, whose reset is an instant in seconds since 1970.
 */
export function allowanceHeaders(allowance: Allowance, nowMs: number): Readonly<Record<string, string>> {
  const { limit, windowSeconds, remaining, resetSeconds } = allowance;
  return {
    'RateLimit-Policy': `${POLICY};q=${String(limit)};w=${String(windowSeconds)}`,
    RateLimit: `${POLICY};r=${String(remaining)};t=${String(resetSeconds)}`,
    'X-RateLimit-Limit': String(limit),
    'X-RateLimit-Remaining': String(remaining),
    'X-RateLimit-Reset': String(Math.ceil(nowMs / 1_000) + resetSeconds),
  };
}
