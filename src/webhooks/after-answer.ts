import { parseRetryAfter } from '../core/retry-after.js';
import type { EndedAnswer } from './answer.js';

/** 5 s, 15 s, 45 s and so on: a restart of the receiver is over after the first few, an outage of a night costs some ten requests. */
const FIRST_RETRY_SECONDS = 5;
const RETRY_FACTOR = 3;
const LONGEST_RETRY_SECONDS = 21_600;
/** A receiver may ask for a day; the three days end all the same. */
const LONGEST_RETRY_AFTER_SECONDS = 86_400;
/** Receivers that came back at the same moment must not be met by all senders at once. */
const JITTER = 0.2;
/** So many failures in a row are the receiver's, not one event's: from then on it is asked by one request at a time. */
export const FAILURES_TO_QUIET = 5;
const FIRST_QUIET_SECONDS = 5;
/** A receiver that is back is noticed within five minutes. */
const LONGEST_QUIET_SECONDS = 300;
const DISABLED_AFTER_MS = 5 * 86_400_000;
const GONE = 410;

export interface Failing {
  /** Failed attempts of this delivery since it was owed. */
  readonly deliveryFailures: number;
  readonly giveUpAt: Date;
  /** Failed attempts of the webhook in a row, of whatever delivery. */
  readonly webhookFailures: number;
  readonly failingSince: Date | null;
}

/** What follows from a failed attempt. */
export interface AfterFailure {
  /** null: given up. */
  readonly nextAttemptAt: Date | null;
  readonly quietUntil: Date | null;
  readonly disable: 'gone' | 'failing' | null;
}

export const isDelivered = (answer: EndedAnswer): boolean => answer.kind === 'answered' && answer.status >= 200 && answer.status < 300;

const later = (now: Date, seconds: number): Date => new Date(now.getTime() + Math.round(seconds * 1_000));

function retrySeconds(failures: number, spread: number): number {
  return Math.min(LONGEST_RETRY_SECONDS, FIRST_RETRY_SECONDS * RETRY_FACTOR ** Math.min(failures - 1, 20)) * spread;
}

function quietUntil(failures: number, now: Date, spread: number): Date | null {
  if (failures < FAILURES_TO_QUIET) return null;
  return later(now, Math.min(LONGEST_QUIET_SECONDS, FIRST_QUIET_SECONDS * 2 ** Math.min(failures - FAILURES_TO_QUIET, 10)) * spread);
}

function disableReason(answer: EndedAnswer, failingSince: Date, now: Date): AfterFailure['disable'] {
  if (answer.kind === 'answered' && answer.status === GONE) return 'gone';
  return now.getTime() - failingSince.getTime() >= DISABLED_AFTER_MS ? 'failing' : null;
}

/**
 * When to try again, how long to leave the receiver alone, and whether to switch its webhook off.
 * @param random 0 to 1, spreads the times
 */
export function afterFailure(failing: Failing, answer: EndedAnswer, now: Date, random: number): AfterFailure {
  const spread = 1 - JITTER + 2 * JITTER * random;
  const asked = answer.kind === 'answered' ? parseRetryAfter(answer.retryAfter, now, LONGEST_RETRY_AFTER_SECONDS) : null;
  const next = later(now, Math.max(retrySeconds(failing.deliveryFailures + 1, spread), asked ?? 0));
  return {
    nextAttemptAt: next > failing.giveUpAt ? null : next,
    quietUntil: quietUntil(failing.webhookFailures + 1, now, spread),
    disable: disableReason(answer, failing.failingSince ?? now, now),
  };
}
