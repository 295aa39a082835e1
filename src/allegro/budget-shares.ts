import type { Share } from './call-context.js';

export interface BudgetWindow {
  readonly seconds: number;
  /** Requests of all processes and shares in one window. */
  readonly points: number;
}

/** Who may use how much of a window: history never takes the last requests from the live sync, nor that from a person. */
const FRACTIONS: Readonly<Record<Share, number>> = { interactive: 1, live: 0.9, backfill: 0.6 };
/** Short windows: any 60 s touch at most 13 of them, so 80 % of the limit never becomes more than 87 % in a sliding minute. */
const SHORT_WINDOW_SECONDS = 5;
/** Below two requests a second a short window would hold too few to share. */
const SMALL_RATE_PER_MINUTE = 120;
/** Largest batch a process takes at once: 5 % of the usual window of 600. */
const LARGEST_BATCH = 32;
/** What one process may use alone while the shared store is unreachable: safe for up to ten processes. */
const ALONE_FRACTION = 0.1;

export function budgetWindow(requestsPerMinute: number): BudgetWindow {
  if (requestsPerMinute < SMALL_RATE_PER_MINUTE) return { seconds: 60, points: Math.max(1, Math.floor(requestsPerMinute)) };
  return { seconds: SHORT_WINDOW_SECONDS, points: Math.floor((requestsPerMinute * SHORT_WINDOW_SECONDS) / 60) };
}

/** How far into a window a share may go, counted over all shares. */
export function shareLimit(window: BudgetWindow, share: Share): number {
  return Math.max(1, Math.floor(window.points * FRACTIONS[share]));
}

/** Requests one process may send in a window without the shared store; history waits, for nobody waits for it. */
export function aloneLimit(window: BudgetWindow, share: Share): number {
  return share === 'backfill' ? 0 : Math.max(1, Math.floor(shareLimit(window, share) * ALONE_FRACTION));
}

/** Places of a bounded number of connections that a share may occupy, so that history cannot hold them all. */
export function shareOf(total: number, share: Share): number {
  return Math.max(1, Math.floor(total * FRACTIONS[share]));
}

/** Tokens to ask for next: doubles while batches are used up in time, starts small so that an idle process wastes none. */
export function nextBatch(previous: number, usedUp: boolean, waiting: number): number {
  const grown = usedUp ? previous * 2 : 1;
  return Math.min(LARGEST_BATCH, Math.max(1, grown, waiting));
}
