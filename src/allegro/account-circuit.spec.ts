import { describe, expect, it } from '@jest/globals';
import type { AllegroFailureKind } from './allegro.errors.js';
import { afterCall, beforeCall, circuitWaitMs, CLOSED_CIRCUIT } from './account-circuit.js';

function after(outcomes: readonly (AllegroFailureKind | null)[]) {
  return outcomes.reduce((circuit, outcome) => afterCall(circuit, outcome, 1_000), CLOSED_CIRCUIT);
}

describe('the circuit of one account', () => {
  it('opens after five refusals or failures in a row', () => {
    expect(circuitWaitMs(after(['forbidden', 'unavailable', 'forbidden', 'forbidden']), 1_000)).toBe(0);
    expect(circuitWaitMs(after(Array<'forbidden'>(5).fill('forbidden')), 1_000)).toBe(30_000);
  });

  it('closes at any answer', () => {
    expect(after([...Array<'forbidden'>(4).fill('forbidden'), null])).toEqual(CLOSED_CIRCUIT);
    expect(after([...Array<'forbidden'>(9).fill('forbidden'), 'rejected'])).toEqual(CLOSED_CIRCUIT);
  });

  it('does not count what says nothing about the account', () => {
    expect(after(Array<'unauthorized'>(9).fill('unauthorized'))).toEqual(CLOSED_CIRCUIT);
    expect(after(['cancelled', 'throttled', 'throttled', 'throttled', 'throttled'])).toEqual(CLOSED_CIRCUIT);
  });

  it('lets one probe out each half minute', () => {
    const open = after(Array<'unavailable'>(5).fill('unavailable'));
    expect(circuitWaitMs(open, 31_000)).toBe(0);
    const probing = beforeCall(open, 31_000);
    expect(circuitWaitMs(probing, 31_001)).toBe(29_999);
    expect(beforeCall(CLOSED_CIRCUIT, 5)).toBe(CLOSED_CIRCUIT);
  });
});
