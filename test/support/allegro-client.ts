import { Secret } from '../../src/core/secret.js';
import { Admission } from '../../src/allegro/admission.js';
import { AllegroAuthClient } from '../../src/allegro/allegro-auth.client.js';
import { AllegroHealth } from '../../src/allegro/allegro-health.service.js';
import { AllegroOrdersClient } from '../../src/allegro/allegro-orders.client.js';
import { AllegroTransport } from '../../src/allegro/allegro-transport.js';
import { AllegroMetrics } from '../../src/allegro/allegro-metrics.js';
import { AllegroProblem } from '../../src/allegro/allegro.errors.js';
import type { BudgetStore, Grant, StoredStop } from '../../src/allegro/budget-store.js';
import { PurposeBreakers } from '../../src/allegro/purpose-breakers.js';
import { RequestBudget } from '../../src/allegro/request-budget.js';
import { NO_STOP, type RequestStop } from '../../src/allegro/request-stop.js';
import { TRANSPORT_LIMITS, type TransportLimits } from '../../src/allegro/transport-limits.js';
import { parseConfiguration } from '../../src/platform/config/configuration.js';
import { HealthChecks } from '../../src/platform/observability/health-checks.js';
import { Metrics } from '../../src/platform/observability/metrics.js';
import { testEnvironment } from './environment.js';

/** A budget store of one process that grants everything; its clock can be moved. */
export class MemoryBudget implements BudgetStore {
  stop: RequestStop = NO_STOP;
  version = 0;
  nowMs = 1_000_000;

  async take(_share: string, count: number): Promise<Grant> {
    return { granted: count, windowEndsInMs: 5_000 };
  }

  async readStop(): Promise<StoredStop> {
    return { stop: this.stop, nowMs: this.nowMs, version: String(this.version) };
  }

  async writeStop(version: string, stop: RequestStop): Promise<boolean> {
    if (version !== String(this.version)) return false;
    this.stop = stop;
    this.version += 1;
    return true;
  }

  async close(): Promise<void> {}
}

export interface AllegroClients {
  readonly auth: AllegroAuthClient;
  readonly orders: AllegroOrdersClient;
  readonly health: AllegroHealth;
  readonly breakers: PurposeBreakers;
  readonly budget: RequestBudget;
  readonly metrics: Metrics;
  readonly checks: HealthChecks;
  stop(): Promise<void>;
}

export interface AllegroClientSettings {
  readonly store?: BudgetStore;
  readonly limits?: Partial<TransportLimits>;
  readonly environment?: Readonly<Record<string, string>>;
}

/** The client as one process has it, against whatever answers at `url`. */
export function allegroClients(url: string, settings: AllegroClientSettings = {}): AllegroClients {
  const config = parseConfiguration(testEnvironment({ ALLEGRO_API_URL: url, ALLEGRO_AUTH_URL: url, ...settings.environment }));
  const limits = { ...TRANSPORT_LIMITS, ...settings.limits };
  const budget = new RequestBudget(config, settings.store ?? new MemoryBudget());
  const breakers = new PurposeBreakers(limits);
  const metrics = new Metrics();
  const checks = new HealthChecks();
  const admission = new Admission(budget, new AllegroMetrics(metrics), limits);
  const transport = new AllegroTransport(config, admission, breakers, budget, limits);
  return {
    auth: new AllegroAuthClient(transport, config),
    orders: new AllegroOrdersClient(transport, config),
    health: new AllegroHealth(breakers, budget, metrics, checks),
    metrics,
    checks,
    breakers,
    budget,
    stop: async () => {
      transport.onApplicationShutdown();
      breakers.onApplicationShutdown();
      await budget.onApplicationShutdown();
      metrics.onModuleDestroy();
    },
  };
}

export const ACCESS_TOKEN = new Secret('access-token-canary-4711');

/** The failure of a call that must fail with an AllegroProblem. */
export async function problemOf(call: Promise<unknown>): Promise<AllegroProblem> {
  const outcome = await call.then(
    () => 'an answer',
    (error: unknown) => error,
  );
  if (outcome instanceof AllegroProblem) return outcome;
  throw new Error(`expected an AllegroProblem, got ${String(outcome)}`);
}
