import { Module } from '@nestjs/common';
import { CONFIGURATION, type Configuration } from '../platform/config/configuration.js';
import { Database } from '../platform/database/database.js';
import { ObservabilityModule } from '../platform/observability/observability.module.js';
import { Admission } from './admission.js';
import { AllegroAuthClient } from './allegro-auth.client.js';
import { AllegroHealth } from './allegro-health.service.js';
import { AllegroMetrics } from './allegro-metrics.js';
import { AllegroOrdersClient } from './allegro-orders.client.js';
import { AllegroTransport } from './allegro-transport.js';
import { PostgresBudget } from './budget-postgres.client.js';
import { RedisBudget } from './budget-redis.client.js';
import { budgetWindow } from './budget-shares.js';
import { BUDGET_STORE, type BudgetStore } from './budget-store.js';
import { PurposeBreakers } from './purpose-breakers.js';
import { RequestBudget } from './request-budget.js';

function createBudgetStore(config: Configuration, database: Database): BudgetStore {
  const window = budgetWindow(config.allegro.requestsPerMinute);
  const clientKey = `${config.allegro.environment}:${config.allegro.clientId}`;
  return config.redis === null ? new PostgresBudget(database, window, clientKey) : new RedisBudget(config.redis.url, window, clientKey);
}

/** The HTTP client of Allegro. Knows no order rules and keeps no tokens. */
@Module({
  imports: [ObservabilityModule],
  providers: [
    { provide: BUDGET_STORE, useFactory: createBudgetStore, inject: [CONFIGURATION, Database] },
    RequestBudget,
    PurposeBreakers,
    Admission,
    AllegroTransport,
    AllegroAuthClient,
    AllegroOrdersClient,
    AllegroHealth,
    AllegroMetrics,
  ],
  exports: [AllegroAuthClient, AllegroOrdersClient, AllegroHealth],
})
export class AllegroModule {}
