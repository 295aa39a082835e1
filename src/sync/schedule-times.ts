/** Spreads accounts that were activated together; a tenth keeps an interval recognisable to people. */
const JITTER = 0.1;
/** Shorter than this a run would meet its own predecessor; the shortest interval people may choose is a minute. */
const SHORTEST_INTERVAL_MS = 30_000;
/** Allegro's journal can lose events: a look at the forms themselves four times a day finds them on the day they were lost. */
const FULL_INTERVAL_MS = 6 * 3_600_000;
/** A lost event is found even when a weekend's worth of runs failed, at a few requests for an ordinary shop. */
const FULL_REACH_MS = 3 * 86_400_000;
/** Half of the promised half minute would double the queue's work; a run that starts at all starts long before. */
const STALLED_AFTER_MS = 30_000;

export interface DueSchedule {
  /** Null: the queue refused it, or nobody has put it there yet. */
  readonly enqueuedAt: Date | null;
  /** Until when a run of the account is known to live; null when none runs. */
  readonly leaseUntil: Date | null;
}

function jittered(intervalMs: number, random: number): number {
  return Math.round(intervalMs * (1 - JITTER + 2 * JITTER * random));
}

/** When the next run is due. @param random from 0 to 1 */
export function nextRunAt(now: Date, intervalMinutes: number, random: number): Date {
  return new Date(now.getTime() + Math.max(SHORTEST_INTERVAL_MS, jittered(intervalMinutes * 60_000, random)));
}

/** When the forms themselves are read again. @param random from 0 to 1 */
export function nextFullAt(now: Date, random: number): Date {
  return new Date(now.getTime() + jittered(FULL_INTERVAL_MS, random));
}

/** Purchases from this instant on are read again by the scheduled look at the forms. */
export function scheduledFullFrom(now: Date): Date {
  return new Date(now.getTime() - FULL_REACH_MS);
}

/** True when what is due has to be put into the queue again: the queue lost it, or the process that ran it died. */
export function isStalled({ enqueuedAt, leaseUntil }: DueSchedule, now: Date): boolean {
  if (leaseUntil !== null && leaseUntil > now) return false;
  return enqueuedAt === null || now.getTime() - enqueuedAt.getTime() >= STALLED_AFTER_MS;
}
