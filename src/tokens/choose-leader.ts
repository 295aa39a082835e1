import type { TokenState } from './token-state.js';

export interface LeaderCandidate {
  readonly id: string;
  readonly state: TokenState;
  readonly createdAt: Date;
}

/**
 * Which token of one account leads its sync: the present leader while it works, else the oldest working one (ties by id).
 * With none working the leader stays, so that a new consent for it goes on where it stopped.
 */
export function chooseLeader(tokens: readonly LeaderCandidate[], leaderId: string | null): string | null {
  const working = tokens.filter((token) => token.state === 'active');
  if (working.some((token) => token.id === leaderId)) return leaderId;
  const byAge = working.toSorted((a, b) => a.createdAt.getTime() - b.createdAt.getTime() || (a.id < b.id ? -1 : 1));
  return byAge[0]?.id ?? leaderId;
}
