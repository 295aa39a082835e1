import type { TokenState } from './token-state.js';

/** The one live token under a name, as far as the decision needs it. */
export interface NameHolder {
  readonly state: TokenState;
  /** A consent for it is awaited and has not run out. */
  readonly reserved: boolean;
}

export type ReservationStep = 'create' | 'refuse_taken' | 'refuse_in_progress' | 'replace_abandoned' | 'reconnect';

/** What linking under a name means, given who holds the name now. Decided before Allegro is asked anything. */
export function reservationStep(holder: NameHolder | null): ReservationStep {
  if (holder === null || holder.state === 'deactivated') return 'create';
  if (holder.state === 'active') return 'refuse_taken';
  if (holder.reserved) return 'refuse_in_progress';
  return holder.state === 'needs_reauth' ? 'reconnect' : 'replace_abandoned';
}
