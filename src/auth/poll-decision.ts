/** What Allegro says to one poll that gave no tokens. */
export type PollRefusal = 'pending' | 'slow_down' | 'denied' | 'invalid';

export interface PollView {
  /** Seconds between two polls now. */
  readonly intervalSeconds: number;
  /** Seconds the device code has left by our own count: Allegro documents no answer that says "expired". */
  readonly secondsLeft: number;
}

export type LinkFailure = 'CONSENT_DENIED' | 'DEVICE_CODE_EXPIRED' | 'DEVICE_CODE_INVALID';

export type PollStep = { readonly kind: 'wait'; readonly intervalSeconds: number } | { readonly kind: 'end'; readonly failure: LinkFailure };

/** RFC 8628 section 3.5; it also satisfies the smaller steps of Allegro's own samples. */
const SLOW_DOWN_SECONDS = 5;
/** Slow enough for any server, fast enough that a consent is seen within two minutes. */
const SLOWEST_SECONDS = 120;

/** Goes on or ends after a poll without tokens. `invalid` ends it also right after a consent: a code yields its tokens once. */
export function afterPoll(view: PollView, refusal: PollRefusal): PollStep {
  if (refusal === 'denied') return { kind: 'end', failure: 'CONSENT_DENIED' };
  if (view.secondsLeft <= 0) return { kind: 'end', failure: 'DEVICE_CODE_EXPIRED' };
  if (refusal === 'invalid') return { kind: 'end', failure: 'DEVICE_CODE_INVALID' };
  const slower = refusal === 'slow_down' ? view.intervalSeconds + SLOW_DOWN_SECONDS : view.intervalSeconds;
  return { kind: 'wait', intervalSeconds: Math.min(slower, SLOWEST_SECONDS) };
}
