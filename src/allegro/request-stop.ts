/** The stop that a 429 puts on the whole application, in all processes. Times are milliseconds of the shared store's clock. */
export interface RequestStop {
  readonly blockedUntilMs: number;
  /** 429 answers in a row; 0 means no stop. */
  readonly strikes: number;
  /** Until then one process's probe is under way. */
  readonly probeUntilMs: number;
}

export type StopPhase = { readonly phase: 'free' } | { readonly phase: 'closed'; readonly waitMs: number } | { readonly phase: 'probe' };

export const NO_STOP: RequestStop = { blockedUntilMs: 0, strikes: 0, probeUntilMs: 0 };

/** Longest wait taken from a header or reached by doubling: a wrong `1e9` must not park every account for decades. */
export const LONGEST_STOP_SECONDS = 3_600;
/** Allegro blocks a client_id for one minute, and longer while it goes on asking (allegro-api#3454). */
const FIRST_STOP_SECONDS = 60;
/** Longer than the longest request (30 s) and its waits: a killed prober gives the probe back by then. */
const PROBE_MS = 40_000;
/** A probe that met an outage says nothing about the limit; the next one may follow soon. */
const NEXT_PROBE_MS = 5_000;

export function stopPhase(stop: RequestStop, nowMs: number): StopPhase {
  if (stop.strikes === 0) return { phase: 'free' };
  const waitMs = Math.max(stop.blockedUntilMs, stop.probeUntilMs) - nowMs;
  return waitMs > 0 ? { phase: 'closed', waitMs } : { phase: 'probe' };
}

/** A 429 arrived: 60 s, doubling with each failed probe, or what the header asks if that is longer; at most one hour. */
export function afterThrottled(stop: RequestStop, nowMs: number, retryAfterSeconds: number | null): RequestStop {
  const asked = retryAfterSeconds ?? 0;
  if (stop.strikes > 0 && nowMs < stop.blockedUntilMs) {
    // Answers to requests that were already under way: one wave, one strike.
    return { ...stop, blockedUntilMs: Math.max(stop.blockedUntilMs, nowMs + asked * 1_000) };
  }
  const strikes = stop.strikes + 1;
  const backoff = FIRST_STOP_SECONDS * 2 ** Math.min(strikes - 1, 10);
  const seconds = Math.min(Math.max(asked, backoff), LONGEST_STOP_SECONDS);
  return { blockedUntilMs: nowMs + seconds * 1_000, strikes, probeUntilMs: 0 };
}

/** Claims the one probe; null while it is another's or the stop has not ended. */
export function claimProbe(stop: RequestStop, nowMs: number): RequestStop | null {
  return stopPhase(stop, nowMs).phase === 'probe' ? { ...stop, probeUntilMs: nowMs + PROBE_MS } : null;
}

/** The probe failed for another reason than the limit. */
export function afterFailedProbe(stop: RequestStop, nowMs: number): RequestStop {
  return { ...stop, probeUntilMs: nowMs + NEXT_PROBE_MS };
}
