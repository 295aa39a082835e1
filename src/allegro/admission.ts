import { Inject, Injectable, Optional } from '@nestjs/common';
import { AccountBook, type AccountState } from './account-book.js';
import { afterCall, beforeCall, circuitWaitMs } from './account-circuit.js';
import { AllegroProblem, type AllegroFailureKind } from './allegro.errors.js';
import { AllegroMetrics } from './allegro-metrics.js';
import type { CallContext, Purpose, Share } from './call-context.js';
import { Deadline } from './deadline.js';
import { LIMITS } from './purpose-breakers.js';
import { RequestBudget, type Permit } from './request-budget.js';
import { RequestGate, WaitEnded, type Place } from './request-gate.js';
import { TRANSPORT_LIMITS, type TransportLimits } from './transport-limits.js';

/** A request that may go out now. */
export interface Ticket {
  readonly permit: Permit;
  /** What the waiting took. */
  readonly waitedMs: number;
  /** Must be called once with how it ended; null is an answer. */
  end(outcome: AllegroFailureKind | null): void;
}

/** After a full wait the budget's window and the queue have moved on. */
const ASK_AGAIN_SECONDS = 5;

/** Everything a request waits for before it is sent: its account's circuit, a place, the shared budget. */
@Injectable()
export class Admission {
  readonly #accounts = new AccountBook();
  readonly #gate: RequestGate;
  readonly #limits: TransportLimits;

  constructor(
    private readonly budget: RequestBudget,
    private readonly metrics: AllegroMetrics,
    @Optional() @Inject(LIMITS) limits: TransportLimits = TRANSPORT_LIMITS,
  ) {
    this.#limits = limits;
    this.#gate = new RequestGate(limits.connections);
  }

  /**
   * Calls of the token endpoints belong to no account yet: they wait for a place and the budget alone.
   * @throws AllegroProblem `cancelled` by the caller's signal, `throttled` when the wait was too long, `unavailable` for a refused account
   */
  async enter(call: CallContext, purpose: Purpose): Promise<Ticket> {
    const startedAtMs = performance.now();
    const state = purpose !== 'oauth' ? this.#accounts.account(call.accountKey) : null;
    const deadline = new Deadline(this.#limits.waitMs[call.share], call.signal);
    let place: Place | null = null;
    try {
      place = await this.#gate.enter(state, call.share, deadline.signal);
      if (state !== null) refuseIfOpen(state);
      const permit = await this.budget.permit(call.share, deadline.signal);
      if (state !== null) state.circuit = beforeCall(state.circuit, performance.now());
      const waitedMs = performance.now() - startedAtMs;
      this.metrics.waited(call.share, waitedMs);
      return { permit, waitedMs, end: this.#ending(state, place, purpose) };
    } catch (error) {
      place?.leave(null);
      throw error instanceof WaitEnded ? waitedTooLong(deadline.timedOut) : error;
    } finally {
      deadline.end();
    }
  }

  /** Waits for the budget of one more request of a call that was admitted. @throws AllegroProblem, WaitEnded */
  async retry(share: Share, purpose: Purpose, signal: AbortSignal): Promise<void> {
    this.metrics.retried(purpose);
    await this.budget.retry(share, signal);
  }

  #ending(state: AccountState | null, place: Place, purpose: Purpose): Ticket['end'] {
    const startedAtMs = performance.now();
    return (outcome) => {
      const timing = { startedAtMs, endedAtMs: performance.now(), throttled: outcome === 'throttled' };
      if (state !== null) state.circuit = afterCall(state.circuit, outcome, timing.endedAtMs);
      place.leave(outcome === 'cancelled' ? null : timing);
      this.metrics.asked(purpose, outcome ?? 'answered', timing.endedAtMs - startedAtMs);
    };
  }
}

function refuseIfOpen(state: AccountState): void {
  const waitMs = circuitWaitMs(state.circuit, performance.now());
  if (waitMs === 0) return;
  throw new AllegroProblem({
    kind: 'unavailable',
    blame: 'account',
    code: 'ALLEGRO_ACCOUNT_PAUSED',
    detail: 'Allegro refused this account repeatedly; it is left alone for a moment.',
    retryAfterSeconds: Math.ceil(waitMs / 1_000),
  });
}

function waitedTooLong(timedOut: boolean): AllegroProblem {
  if (!timedOut) return new AllegroProblem({ kind: 'cancelled', blame: 'caller', detail: 'The request to Allegro was cancelled.' });
  return new AllegroProblem({
    kind: 'throttled',
    blame: 'caller',
    code: 'ALLEGRO_BUDGET_SPENT',
    detail: 'The request budget towards Allegro is used up for the moment.',
    retryAfterSeconds: ASK_AGAIN_SECONDS,
  });
}
