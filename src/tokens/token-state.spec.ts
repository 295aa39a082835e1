import { describe, expect, it } from '@jest/globals';
import { mayChange, TOKEN_TRANSITIONS, type TokenState } from './token-state.js';

const STATES: readonly TokenState[] = ['linking', 'active', 'needs_reauth', 'deactivated'];

describe('the states of a token', () => {
  it('a token that Allegro refused asks for consent again and comes back only by linking', () => {
    expect(mayChange('active', 'needs_reauth', 'refresh_refused')).toBe(true);
    expect(mayChange('needs_reauth', 'active', 'relinked')).toBe(true);
    expect(mayChange('needs_reauth', 'active', 'reactivated')).toBe(false);
  });

  it('a token whose seller is not known yet never asks for consent again and is never refreshed into use', () => {
    expect(mayChange('linking', 'needs_reauth', 'refresh_refused')).toBe(false);
    expect(mayChange('linking', 'active', 'relinked')).toBe(false);
  });

  it('nothing leads back to linking, and no state leads to itself', () => {
    expect(TOKEN_TRANSITIONS.filter((one) => one.to === 'linking' || one.from === one.to)).toEqual([]);
  });

  it('a deactivated token is left by its owner alone', () => {
    const ways = TOKEN_TRANSITIONS.filter((one) => one.from === 'deactivated').flatMap((one) => one.reasons);
    expect(ways).toEqual(['reactivated']);
  });

  it('every state but linking can be reached, and from every state the owner can end a token', () => {
    for (const state of STATES.slice(1)) expect(TOKEN_TRANSITIONS.some((one) => one.to === state)).toBe(true);
    for (const state of STATES.slice(0, 3)) expect(TOKEN_TRANSITIONS.some((one) => one.from === state && one.to === 'deactivated')).toBe(true);
  });
});
