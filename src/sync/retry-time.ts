import { Problem } from '../core/problem.js';

/** First pause after a failure that may pass: the breaker towards Allegro tries again after 30 s. */
const FIRST_PAUSE_MS = 30_000;
/** Longest pause of our own; a longer one is asked for by Allegro's `Retry-After`. */
const LONGEST_PAUSE_MS = 15 * 60_000;

export interface FailureHistory {
  readonly now: Date;
  /** Failures in a row, this one included. */
  readonly failures: number;
  /** 0 to 1; spreads accounts that failed together. */
  readonly jitter: number;
}

/** When work that failed with `cause` is worth another try; null when the cause does not pass by waiting. */
export function retryTime(cause: unknown, history: FailureHistory): { readonly at: Date; readonly reason: string } | null {
  if (!(cause instanceof Problem) || cause.retry !== 'later') return null;
  return { at: pauseAfter(history, cause.retryAfterSeconds ?? 0), reason: `${cause.code}: ${cause.message}` };
}

/** The end of the pause after `failures` in a row, never before `leastSeconds` are over. */
export function pauseAfter(history: FailureHistory, leastSeconds = 0): Date {
  const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.max(0, history.failures - 1));
  const own = longest / 2 + (history.jitter * longest) / 2;
  return new Date(history.now.getTime() + Math.round(Math.max(own, leastSeconds * 1000)));
}
