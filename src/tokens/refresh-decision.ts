import type { TokenState } from './token-state.js';

/** A lease outlives the call it protects (10 s) by as much again and ends inside Allegro's 60 s of grace for a spent refresh token. */
export const LEASE_SECONDS = 20;
/** A token with less left is refreshed before use: longer than one call with its retries, short beside a life of 12 h. */
export const USE_MARGIN_SECONDS = 300;
/** First repeats after a lost answer come fast, because the spent refresh token works for 60 s only. */
const FIRST_RETRY_SECONDS = 2;
/** The longest wait between repeats: after an outage of hours every token works again within a minute of the heal. */
const LONGEST_RETRY_SECONDS = 60;

/** What a process reads of a token before it decides; durations by the clock of the database. */
export interface RefreshView {
  readonly state: TokenState;
  readonly generation: string;
  /** Seconds the access token has left; null when never known. */
  readonly secondsLeft: number | null;
  /** True while somebody holds the lease. */
  readonly leased: boolean;
  /** Seconds until a failed refresh may be repeated; 0 when nothing holds it back. */
  readonly retryInSeconds: number;
}

export interface RefreshWish {
  /** The generation the caller knows and wants replaced. */
  readonly generation: string;
  /** A person asked: do not wait for the repeat that is due later. */
  readonly atOnce: boolean;
}

export type RefreshStep = 'take_newer' | 'claim' | 'wait' | 'postponed' | 'not_active';

/** What to do next about one token whose generation `wish.generation` has to be replaced. */
export function refreshStep(view: RefreshView, wish: RefreshWish): RefreshStep {
  if (view.state !== 'active') return 'not_active';
  if (BigInt(view.generation) > BigInt(wish.generation)) return 'take_newer';
  if (view.leased) return 'wait';
  if (view.retryInSeconds > 0 && !wish.atOnce) return 'postponed';
  return 'claim';
}

/** True when the access token must be replaced before it is used. */
export function isWornOut(view: RefreshView): boolean {
  return view.secondsLeft === null || view.secondsLeft < USE_MARGIN_SECONDS;
}

/** Seconds to wait after the n-th failure in a row (n from 1): 2, 4, 8, 16, 32, then 60. */
export function retryDelaySeconds(failures: number): number {
  return Math.min(FIRST_RETRY_SECONDS * 2 ** Math.max(0, failures - 1), LONGEST_RETRY_SECONDS);
}
