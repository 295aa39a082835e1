import type { JsonObject } from '../../core/json.js';
import { Problem } from '../../core/problem.js';
import { PostponeTask } from './postpone-task.js';
import type { StopReason } from './job-run.js';

/** What becomes of a task after its handler returned or threw. */
export type TaskOutcome =
  | { readonly kind: 'finished'; readonly status: 'SUCCESS'; readonly result: JsonObject }
  | { readonly kind: 'finished'; readonly status: 'FAILURE'; readonly error: string }
  | { readonly kind: 'given-back'; readonly dueAt: Date; readonly reason: string | null; readonly counted: boolean }
  | { readonly kind: 'lost' };

export interface FailedRun {
  readonly error: unknown;
  readonly stopped: StopReason | null;
  /** Which attempt this was, from 1. */
  readonly attempts: number;
  readonly now: Date;
  /** A random number from 0 to 1. */
  readonly jitter: number;
}

/** With the delays below some 10 minutes of trying: longer than a restart of Allegro's gateway, short enough to tell the user. */
export const MAX_ATTEMPTS = 8;
/** The first pause: long enough for a connection to come back. */
const FIRST_DELAY_MS = 5_000;
/** The longest pause of our own; a longer one is asked for by a `Retry-After`. */
const LONGEST_DELAY_MS = 300_000;
/** A lost race is run again at once, spread a little so that the same two do not meet again. */
const LOST_RACE_DELAY_MS = 500;

/** Decides about a run whose handler threw. */
export function outcomeOfFailure(run: FailedRun): TaskOutcome {
  if (run.stopped === 'not-owner') return { kind: 'lost' };
  if (run.stopped !== null) return { kind: 'given-back', dueAt: run.now, reason: null, counted: false };
  if (run.error instanceof PostponeTask) {
    return { kind: 'given-back', dueAt: run.error.dueAt, reason: run.error.message, counted: false };
  }
  const error = describe(run.error);
  if (isFinal(run)) return { kind: 'finished', status: 'FAILURE', error };
  return { kind: 'given-back', dueAt: new Date(run.now.getTime() + delayMs(run)), reason: error, counted: true };
}

function isFinal(run: FailedRun): boolean {
  if (run.error instanceof Problem && run.error.retry === 'never') return true;
  return run.attempts >= MAX_ATTEMPTS;
}

function delayMs(run: FailedRun): number {
  const problem = run.error instanceof Problem ? run.error : null;
  if (problem?.retry === 'now') return Math.round(run.jitter * LOST_RACE_DELAY_MS);
  const longest = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (run.attempts - 1));
  const own = longest / 2 + (run.jitter * longest) / 2;
  return Math.round(Math.max(own, (problem?.retryAfterSeconds ?? 0) * 1000));
}

/** For the task's owner: a Problem speaks for itself, the words of any other error may quote values and stay in the log. */
function describe(error: unknown): string {
  if (error instanceof Problem) return `${error.code}: ${error.message}`;
  return `unexpected error (${error instanceof Error ? error.name : typeof error})`;
}
