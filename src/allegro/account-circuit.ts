import type { AllegroFailureKind } from './allegro.errors.js';

/** Whether one account's calls go out: closed after a run of refusals, so that one bad account costs others nothing. */
export interface AccountCircuit {
  readonly failures: number;
  /** Calls are refused until then; afterwards one call at a time finds out. */
  readonly openUntilMs: number;
}

export const CLOSED_CIRCUIT: AccountCircuit = { failures: 0, openUntilMs: 0 };

/** Enough that single hiccups with their retries do not count, few enough to stop a dead account in one run. */
const FAILURES_TO_OPEN = 5;
/** The same pace as the breakers of Allegro's parts. */
const OPEN_MS = 30_000;

/** Milliseconds until this account may be asked again; 0 when it may now. */
export function circuitWaitMs(circuit: AccountCircuit, nowMs: number): number {
  return circuit.failures < FAILURES_TO_OPEN ? 0 : Math.max(0, circuit.openUntilMs - nowMs);
}

/** A call is about to go out; on an open circuit it is the probe and holds the others back for another period. */
export function beforeCall(circuit: AccountCircuit, nowMs: number): AccountCircuit {
  return circuit.failures < FAILURES_TO_OPEN ? circuit : { ...circuit, openUntilMs: nowMs + OPEN_MS };
}

/**
 * A call ended; `null` is success. 401 does not count, because the owner of the tokens answers it with a fresh one,
 * nor does what says nothing about the account.
 */
export function afterCall(circuit: AccountCircuit, outcome: AllegroFailureKind | null, nowMs: number): AccountCircuit {
  if (outcome === 'cancelled' || outcome === 'throttled' || outcome === 'unauthorized') return circuit;
  if (outcome !== 'unavailable' && outcome !== 'forbidden') return CLOSED_CIRCUIT;
  return { failures: circuit.failures + 1, openUntilMs: nowMs + OPEN_MS };
}
