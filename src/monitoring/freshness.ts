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
/** One missed turn, its jitter and a slow run are nothing to tell anybody. */
const LATE = { intervals: 2, slackMinutes: 2 };
/** Four turns in a row do not fail by chance, and ten minutes outlast a deployment. */
const STALLED = { intervals: 4, slackMinutes: 10 };

const reachedAfterMs = (limit: typeof LATE, intervalMinutes: number) => (limit.intervals * intervalMinutes + limit.slackMinutes) * MINUTE_MS;

function byAge(schedule: NonNullable<SyncFacts['schedule']>, { lastSuccessAt, running }: SyncFacts, now: Date): Freshness {
  const silentMs = now.getTime() - (lastSuccessAt ?? schedule.since).getTime();
  // A first import may take an hour; while it runs the account is not stalled.
  if (silentMs > reachedAfterMs(STALLED, schedule.intervalMinutes) && !running) return 'stalled';
  if (!lastSuccessAt) return 'never';
  return silentMs > reachedAfterMs(LATE, schedule.intervalMinutes) ? 'late' : 'fresh';
}

/** Only the time since a sync ended well counts, never how much it found: a quiet night is fresh. */
export function freshnessOf(facts: SyncFacts, now: Date): Freshness {
  if (facts.connection !== 'working') return 'disconnected';
  if (facts.paused) return 'paused';
  if (facts.schedule) return byAge(facts.schedule, facts, now);
  return facts.lastSuccessAt ? 'unknown' : 'never';
}
