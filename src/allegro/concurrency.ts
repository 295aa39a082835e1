/** How many requests one account may have under way, as learnt from its answers. */
export interface ConcurrencyState {
  /** At least 1; the whole part counts. */
  readonly limit: number;
  /** When the limit last fell; answers to requests sent before that say nothing new. */
  readonly loweredAtMs: number;
}

export interface AnswerTiming {
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly throttled: boolean;
}

/** Enough to hide latency for one seller; Allegro answers 429 to too many parallel requests of one user. */
export const MOST_PER_ACCOUNT = 4;
/** A healthy page takes well under a second; the leaky bucket stretches answers to 20 s (allegro-api#10440). */
const SLOW_MS = 4_000;
/** Between fast and slow nothing changes, so that the limit does not swing. */
const FAST_MS = 1_500;
/** Four fast answers win back one place: slower than it was lost. */
const STEP_UP = 0.25;

export const FULL_CONCURRENCY: ConcurrencyState = { limit: MOST_PER_ACCOUNT, loweredAtMs: -Infinity };

/** Additive increase, multiplicative decrease: halves once per round of slow or refused answers, climbs back on fast ones. */
export function afterAnswer(state: ConcurrencyState, answer: AnswerTiming): ConcurrencyState {
  const durationMs = answer.endedAtMs - answer.startedAtMs;
  if (answer.throttled || durationMs >= SLOW_MS) {
    if (answer.startedAtMs < state.loweredAtMs) return state;
    return { limit: Math.max(1, state.limit / 2), loweredAtMs: answer.endedAtMs };
  }
  if (durationMs > FAST_MS) return state;
  return { ...state, limit: Math.min(MOST_PER_ACCOUNT, state.limit + STEP_UP) };
}
