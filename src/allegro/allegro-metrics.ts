import { Injectable } from '@nestjs/common';
import type { Counter, Histogram } from 'prom-client';
import { Metrics } from '../platform/observability/metrics.js';
import type { AllegroFailureKind } from './allegro.errors.js';
import type { Purpose, Share } from './call-context.js';

const MS_PER_SECOND = 1_000;

/** What the client of Allegro shows of itself. Labels are closed lists, never accounts. */
@Injectable()
export class AllegroMetrics {
  readonly #requests: Counter;
  readonly #seconds: Histogram;
  readonly #waits: Histogram;
  readonly #retries: Counter;

  constructor(metrics: Metrics) {
    this.#requests = metrics.counter({ name: 'allegro_requests_total', help: 'Calls of Allegro by outcome', labels: ['purpose', 'outcome'] });
    this.#seconds = metrics.histogram({ name: 'allegro_request_seconds', help: 'Calls of Allegro with their retries', labels: ['purpose'] });
    this.#waits = metrics.histogram({ name: 'allegro_wait_seconds', help: 'Waiting for a place and the request budget', labels: ['share'] });
    this.#retries = metrics.counter({ name: 'allegro_retries_total', help: 'Quick retries of calls of Allegro', labels: ['purpose'] });
  }

  asked(purpose: Purpose, outcome: AllegroFailureKind | 'answered', durationMs: number): void {
    this.#requests.inc({ purpose, outcome });
    this.#seconds.observe({ purpose }, durationMs / MS_PER_SECOND);
  }

  waited(share: Share, durationMs: number): void {
    this.#waits.observe({ share }, durationMs / MS_PER_SECOND);
  }

  retried(purpose: Purpose): void {
    this.#retries.inc({ purpose });
  }
}
