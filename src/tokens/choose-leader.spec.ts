import { describe, expect, it } from '@jest/globals';
import { chooseLeader, type LeaderCandidate } from './choose-leader.js';
import type { TokenState } from './token-state.js';

const token = (id: string, state: TokenState, day: number): LeaderCandidate => ({ id, state, createdAt: new Date(Date.UTC(2026, 0, day)) });

describe('the leading token of an account', () => {
  it('is the first one linked', () => {
    expect(chooseLeader([token('b', 'active', 2), token('a', 'active', 1)], null)).toBe('a');
  });

  it('stays while it works, also when an older token comes back', () => {
    expect(chooseLeader([token('a', 'active', 1), token('b', 'active', 2)], 'b')).toBe('b');
  });

  it.each<TokenState>(['needs_reauth', 'deactivated', 'linking'])('hands over to the oldest working token when it is %s', (state) => {
    expect(chooseLeader([token('a', state, 1), token('c', 'active', 3), token('b', 'active', 2)], 'a')).toBe('b');
  });

  it('stays in name when no token works, so that a new consent goes on where it stopped', () => {
    expect(chooseLeader([token('a', 'needs_reauth', 1), token('b', 'deactivated', 2)], 'a')).toBe('a');
  });

  it('is the same whatever the order of the rows', () => {
    const rows = [token('b', 'active', 1), token('a', 'active', 1), token('c', 'active', 1)];
    expect(chooseLeader(rows, null)).toBe('a');
    expect(chooseLeader(rows.toReversed(), null)).toBe('a');
  });
});
