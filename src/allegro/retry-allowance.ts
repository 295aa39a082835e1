/** How many quick retries may still be made, over all calls: under a full outage they must not double the load. */
export interface RetryAllowance {
  readonly tokens: number;
}

/** Covers a short hiccup of a handful of calls. */
const MOST_TOKENS = 10;
const START_TOKENS = 4;
/** One retry is earned by five calls, so that retries add at most a fifth in the long run. */
const EARNED_PER_CALL = 0.2;

export const FIRST_ALLOWANCE: RetryAllowance = { tokens: START_TOKENS };

export function earn(allowance: RetryAllowance): RetryAllowance {
  return { tokens: Math.min(MOST_TOKENS, allowance.tokens + EARNED_PER_CALL) };
}

/** The allowance after one retry, or null when there is none left. */
export function spend(allowance: RetryAllowance): RetryAllowance | null {
  return allowance.tokens >= 1 ? { tokens: allowance.tokens - 1 } : null;
}

/** Most milliseconds before the first and second retry; full jitter takes a random part of it. */
const LONGEST_DELAYS_MS = [500, 1_500];

/** Full jitter: a random wait below a growing bound, never shorter than a short `Retry-After`. `random` is in [0, 1). */
export function retryDelayMs(attempt: number, retryAfterSeconds: number | null, random: number): number {
  const longest = LONGEST_DELAYS_MS[Math.min(attempt, LONGEST_DELAYS_MS.length) - 1] ?? 0;
  return (retryAfterSeconds ?? 0) * 1_000 + Math.floor(random * longest);
}
