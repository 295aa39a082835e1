import { describe, expect, it } from '@jest/globals';
import { activationOf } from './activation.js';

describe('what an update asks of the state of a token', () => {
  it('switching off deactivates whatever is not deactivated yet', () => {
    expect(activationOf({ state: 'active', active: false, withPair: false })).toMatchObject({ to: 'deactivated' });
    expect(activationOf({ state: 'needs_reauth', active: false, withPair: true })).toMatchObject({ to: 'deactivated' });
    expect(activationOf({ state: 'deactivated', active: false, withPair: false })).toEqual({ kind: 'none' });
  });

  it('switching on brings a deactivated token back', () => {
    expect(activationOf({ state: 'deactivated', active: true, withPair: false })).toMatchObject({ to: 'active', reason: 'reactivated' });
    expect(activationOf({ state: 'active', active: true, withPair: false })).toEqual({ kind: 'none' });
  });

  it('a token that asks for consent comes back with a new pair only', () => {
    expect(activationOf({ state: 'needs_reauth', active: true, withPair: false })).toEqual({ kind: 'needs_pair' });
    expect(activationOf({ state: 'needs_reauth', active: undefined, withPair: true })).toMatchObject({ to: 'active', reason: 'relinked' });
  });

  it('a rename or a new pair alone changes no state, and never revives what was deactivated', () => {
    expect(activationOf({ state: 'active', active: undefined, withPair: true })).toEqual({ kind: 'none' });
    expect(activationOf({ state: 'deactivated', active: undefined, withPair: true })).toEqual({ kind: 'none' });
    expect(activationOf({ state: 'needs_reauth', active: undefined, withPair: false })).toEqual({ kind: 'none' });
  });
});
