import { Injectable } from '@nestjs/common';
import { HealthChecks } from '../platform/observability/health-checks.js';
import { Metrics } from '../platform/observability/metrics.js';
import { AllegroProblem } from './allegro.errors.js';
import { PurposeBreakers, PURPOSES, type BreakerState } from './purpose-breakers.js';
import { RequestBudget } from './request-budget.js';

export type AllegroStatus = 'up' | 'degraded' | 'down';

const STATE_VALUES: Readonly<Record<BreakerState, number>> = { closed: 0, 'half-open': 1, open: 2 };

/** How Allegro looks from this process: what its own requests met lately, no request is made for it. */
@Injectable()
export class AllegroHealth {
  constructor(
    private readonly breakers: PurposeBreakers,
    private readonly budget: RequestBudget,
    metrics: Metrics,
    checks: HealthChecks,
  ) {
    const circuits = { name: 'allegro_circuit_state', help: 'Breaker towards a part of Allegro: 0 closed, 1 half-open, 2 open', labels: ['purpose'] };
    metrics.gauge(circuits, (gauge) => {
      for (const purpose of PURPOSES) gauge.set({ purpose }, STATE_VALUES[breakers.state(purpose)]);
    });
    metrics.gauge({ name: 'allegro_request_stop', help: '1 while a 429 of Allegro stops all requests of this client_id' }, (gauge) => {
      gauge.set(budget.stopped ? 1 : 0);
    });
    metrics.gauge({ name: 'allegro_budget_alone', help: '1 while the shared request budget is out of reach' }, (gauge) => {
      gauge.set(budget.alone ? 1 : 0);
    });
    // Not critical: reading orders and setting flags go on without Allegro.
    checks.register('allegro', async () => this.#check(), { critical: false });
  }

  /** `down`: nothing is asked, or neither orders nor the journal answer; `degraded`: something is held back. */
  allegroStatus(): AllegroStatus {
    const states = PURPOSES.map((purpose) => this.breakers.state(purpose));
    const reading = [this.breakers.state('orders'), this.breakers.state('events')];
    if (this.budget.stopped || reading.every((state) => state !== 'closed')) return 'down';
    return this.budget.alone || states.some((state) => state !== 'closed') ? 'degraded' : 'up';
  }

  #check(): { status: AllegroStatus } {
    const status = this.allegroStatus();
    if (status === 'down') throw new AllegroProblem({ kind: 'unavailable', blame: 'allegro', detail: 'Allegro does not answer.' });
    return { status };
  }
}
