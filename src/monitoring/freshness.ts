export const FRESHNESS = ['fresh', 'late', 'stalled', 'paused', 'disconnected', 'never', 'unknown'] as const;
/** How current what we hold of an account is. */
export type Freshness = (typeof FRESHNESS)[number];

/** What is known of an account's sync, measured and not assumed. */
export interface SyncFacts {
  /** Whether a token of the account can ask Allegro now; `waiting`: only its seller can mend it. */
  readonly connection: 'working' | 'waiting' | 'none';
  /** The sync of forms was stopped because of what Allegro answered. */
  readonly paused: boolean;
  /** Null: nobody asked for periodic syncs. */
  readonly schedule: { readonly intervalMinutes: number; readonly since: Date } | null;
  /** When a sync last ended well, periodic or asked for. */
  readonly lastSuccessAt: Date | null;
  /** A run holds the account right now. */
  readonly running: boolean;
}

const MINUTE_MS = 60_000;

/** After how many intervals, and so many minutes more, an account is late or stalled. */
export interface FreshnessLimits {
  readonly lateIntervals: number;
  readonly lateSlackMinutes: number;
  readonly stalledIntervals: number;
  readonly stalledSlackMinutes: number;
}

export const DEFAULT_FRESHNESS: FreshnessLimits = {
  // One missed turn, its jitter and a slow run are nothing to tell anybody.
  lateIntervals: 2,
  lateSlackMinutes: 2,
  // Four turns in a row do not fail by chance, and ten minutes outlast a deployment.
  stalledIntervals: 4,
  stalledSlackMinutes: 10,
};

interface Silence {
  readonly schedule: NonNullable<SyncFacts['schedule']>;
  readonly limits: FreshnessLimits;
  readonly now: Date;
}

function byAge({ schedule, limits, now }: Silence, { lastSuccessAt, running }: SyncFacts): Freshness {
  const { lateIntervals, lateSlackMinutes, stalledIntervals, stalledSlackMinutes } = limits;
  const reachedAfterMs = (intervals: number, slackMinutes: number) => (intervals * schedule.intervalMinutes + slackMinutes) * MINUTE_MS;
  const silentMs = now.getTime() - (lastSuccessAt ?? schedule.since).getTime();
  // A first import may take an hour; while it runs the account is not stalled.
  if (silentMs > reachedAfterMs(stalledIntervals, stalledSlackMinutes) && !running) return 'stalled';
  if (!lastSuccessAt) return 'never';
  return silentMs > reachedAfterMs(lateIntervals, lateSlackMinutes) ? 'late' : 'fresh';
}

/** Only the time since a sync ended well counts, never how much it found: a quiet night is fresh. */
export function freshnessOf(facts: SyncFacts, limits: FreshnessLimits, now: Date): Freshness {
  if (facts.connection !== 'working') return 'disconnected';
  if (facts.paused) return 'paused';
  if (facts.schedule) return byAge({ schedule: facts.schedule, limits, now }, facts);
  return facts.lastSuccessAt ? 'unknown' : 'never';
}
