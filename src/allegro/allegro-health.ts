import { Injectable } from '@nestjs/common';
import { Gauge, register } from 'prom-client';
import { PurposeBreakers, PURPOSES, type BreakerState } from './purpose-breakers.js';
import { RequestBudget } from './request-budget.js';

export type AllegroStatus = 'up' | 'degraded' | 'down';

const BREAKER_METRIC = 'allegro_circuit_state';
const STOP_METRIC = 'allegro_request_stop';
const STATE_VALUES: Readonly<Record<BreakerState, number>> = { closed: 0, 'half-open': 1, open: 2 };

/** How Allegro looks from this process: what its own requests met lately, no request is made for it. */
@Injectable()
export class AllegroHealth {
  constructor(
    private readonly breakers: PurposeBreakers,
    private readonly budget: RequestBudget,
  ) {
    this.#exposeMetrics();
  }

  /** `down`: neither orders nor the journal are asked; `degraded`: something is held back. */
  allegroStatus(): AllegroStatus {
    const states = PURPOSES.map((purpose) => this.breakers.state(purpose));
    const reading = [this.breakers.state('orders'), this.breakers.state('events')];
    if (this.budget.stopped || reading.every((state) => state !== 'closed')) return 'down';
    return this.budget.alone || states.some((state) => state !== 'closed') ? 'degraded' : 'up';
  }

  /** A second instance in one process (tests) takes the metrics over. */
  #exposeMetrics(): void {
    register.removeSingleMetric(BREAKER_METRIC);
    register.removeSingleMetric(STOP_METRIC);
    const { breakers, budget } = this;
    new Gauge({
      name: BREAKER_METRIC,
      help: 'Circuit breaker towards a part of Allegro: 0 closed, 1 half-open, 2 open',
      labelNames: ['purpose'],
      collect() {
        for (const purpose of PURPOSES) this.set({ purpose }, STATE_VALUES[breakers.state(purpose)]);
      },
    });
    new Gauge({
      name: STOP_METRIC,
      help: '1 while a 429 of Allegro stops all requests of this client_id',
      collect() {
        this.set(budget.stopped ? 1 : 0);
      },
    });
  }
}
