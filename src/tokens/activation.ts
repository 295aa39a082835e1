import type { TokenChangeReason, TokenState } from './token-state.js';

export interface ActivationWish {
  readonly state: TokenState;
  /** What the owner asks for; undefined leaves it. */
  readonly active: boolean | undefined;
  /** A verified pair comes along. */
  readonly withPair: boolean;
}

export type Activation =
  { readonly kind: 'none' } | { readonly kind: 'needs_pair' } | { readonly kind: 'change'; readonly to: TokenState; readonly reason: TokenChangeReason };

/** What an owner's update means for the state of a token. */
export function activationOf(wish: ActivationWish): Activation {
  if (wish.active === false) return wish.state === 'deactivated' ? { kind: 'none' } : { kind: 'change', to: 'deactivated', reason: 'deactivated_by_owner' };
  if (wish.state === 'needs_reauth') return reconnection(wish);
  if (wish.state === 'deactivated' && wish.active === true) return { kind: 'change', to: 'active', reason: 'reactivated' };
  return { kind: 'none' };
}

function reconnection(wish: ActivationWish): Activation {
  if (wish.withPair) return { kind: 'change', to: 'active', reason: 'relinked' };
  return wish.active === true ? { kind: 'needs_pair' } : { kind: 'none' };
}
