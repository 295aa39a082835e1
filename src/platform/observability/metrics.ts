import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

export interface MetricName {
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly string[];
}

/** From a cached read to the clients' own time-out of 10 s, in seconds. */
const DURATION_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5, 5, 10];

/**
 * The process' metrics, in a registry of its own for each application. Every call answers the same metric for the same
 * name, so a feature may ask for its counter wherever it needs it. Labels never hold ids of orders, tenants or people.
 */
@Injectable()
export class Metrics implements OnModuleDestroy {
  readonly registry = new Registry();

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  onModuleDestroy(): void {
    this.registry.clear();
  }

  counter({ name, help, labels = [] }: MetricName): Counter {
    const known = this.registry.getSingleMetric(name);
    return known instanceof Counter ? known : new Counter({ name, help, labelNames: [...labels], registers: [this.registry] });
  }

  /** @param collect sets the value when the metrics are read; for what is counted elsewhere (rows, memory, age) */
  gauge({ name, help, labels = [] }: MetricName, collect?: (gauge: Gauge) => void | Promise<void>): Gauge {
    const known = this.registry.getSingleMetric(name);
    if (known instanceof Gauge) return known;
    const gauge: Gauge = new Gauge({
      name,
      help,
      labelNames: [...labels],
      registers: [this.registry],
      ...(collect === undefined ? {} : { collect: () => collect(gauge) }),
    });
    return gauge;
  }

  /** Durations in seconds. */
  histogram({ name, help, labels = [] }: MetricName): Histogram {
    const known = this.registry.getSingleMetric(name);
    if (known instanceof Histogram) return known;
    return new Histogram({ name, help, labelNames: [...labels], buckets: DURATION_BUCKETS, registers: [this.registry] });
  }
}
