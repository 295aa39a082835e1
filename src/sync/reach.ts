import { HISTORY_DAYS } from './history-windows.js';

const DAY_MS = 86_400_000;
/** How long Allegro keeps events of the journal. */
export const JOURNAL_DAYS = 60;
/** How long a refresh token lives when nobody uses it: "3 months", counted as the shortest three. */
export const REFRESH_TOKEN_DAYS = 89;

/** What passes out of reach when an account is left alone. */
export const REACHES = ['events', 'orders', 'refresh_token'] as const;
export type Reach = (typeof REACHES)[number];
const DAYS: Readonly<Record<Reach, number>> = { events: JOURNAL_DAYS, orders: HISTORY_DAYS, refresh_token: REFRESH_TOKEN_DAYS };

export const EXPIRY_LEVELS = ['fine', 'soon', 'urgent', 'passed'] as const;
export type ExpiryLevel = (typeof EXPIRY_LEVELS)[number];
/** Two weeks outlast a holiday of the person who can link an account again; three days are the last call. */
const SOON_MS = 14 * DAY_MS;
const URGENT_MS = 3 * DAY_MS;

export interface Expiry {
  readonly reach: Reach;
  /** When it was last taken care of. */
  readonly since: Date;
  /** From then on something is lost for good. */
  readonly at: Date;
  readonly level: ExpiryLevel;
}

function levelOf(leftMs: number): ExpiryLevel {
  if (leftMs <= 0) return 'passed';
  if (leftMs <= URGENT_MS) return 'urgent';
  return leftMs <= SOON_MS ? 'soon' : 'fine';
}

/** When what was last taken care of at `since` passes out of reach. */
export function expiryOf(reach: Reach, since: Date, now: Date): Expiry {
  const at = new Date(since.getTime() + DAYS[reach] * DAY_MS);
  return { reach, since, at, level: levelOf(at.getTime() - now.getTime()) };
}

/**
 * Whether events may have passed unread: the journal was read last before the time Allegro keeps, and it no longer has our place.
 * @param oldestKept the oldest event Allegro has; null for an empty journal
 */
export function hasGap(read: { readonly lastEventId: string | null; readonly readAt: Date }, oldestKept: string | null, now: Date): boolean {
  if (expiryOf('events', read.readAt, now).level !== 'passed') return false;
  if (oldestKept === null || read.lastEventId === null) return true;
  return oldestKept.padStart(40, '0') > read.lastEventId.padStart(40, '0');
}
