/** Where a token stands. `linking` reserves its name until the seller behind it is known. */
export type TokenState = 'linking' | 'active' | 'needs_reauth' | 'deactivated';

/** Why a token changed its state; stored beside the state and in the event. */
export type TokenChangeReason =
  'linked' | 'relinked' | 'reactivated' | 'late_answer' | 'refresh_refused' | 'access_refused' | 'deactivated_by_owner' | 'link_abandoned';

interface Transition {
  readonly from: TokenState;
  readonly to: TokenState;
  readonly reasons: readonly TokenChangeReason[];
}

/** The only changes of state there are; the store applies them by compare-and-set on `from`. */
export const TOKEN_TRANSITIONS: readonly Transition[] = [
  { from: 'linking', to: 'active', reasons: ['linked'] },
  { from: 'linking', to: 'deactivated', reasons: ['link_abandoned'] },
  { from: 'active', to: 'needs_reauth', reasons: ['refresh_refused', 'access_refused'] },
  { from: 'active', to: 'deactivated', reasons: ['deactivated_by_owner'] },
  { from: 'needs_reauth', to: 'active', reasons: ['relinked', 'late_answer'] },
  { from: 'needs_reauth', to: 'deactivated', reasons: ['deactivated_by_owner'] },
  { from: 'deactivated', to: 'active', reasons: ['reactivated'] },
];

/** True when a token in `from` may go to `to` for this reason. */
export function mayChange(from: TokenState, to: TokenState, reason: TokenChangeReason): boolean {
  return TOKEN_TRANSITIONS.some((one) => one.from === from && one.to === to && one.reasons.includes(reason));
}
