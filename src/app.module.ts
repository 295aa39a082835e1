import { type DynamicModule, Module } from '@nestjs/common';
import { AllegroModule } from './allegro/allegro.module.js';
import { AuthModule } from './auth/auth.module.js';
import { ChangesModule } from './changes/changes.module.js';
import { DataProtectionModule } from './data-protection/data-protection.module.js';
import { IntegrityModule } from './data-protection/integrity.module.js';
import { ErasureModule } from './erasure/erasure.module.js';
import { ExportsModule } from './exports/exports.module.js';
import { ExplanationsModule } from './explanations/explanations.module.js';
import { MachineKeysModule } from './machine-keys/machine-keys.module.js';
import { MonitoringModule } from './monitoring/monitoring.module.js';
import { OrdersApiModule } from './orders/orders-api.module.js';
import { OrdersModule } from './orders/orders.module.js';
import { ConfigurationModule } from './platform/config/configuration.module.js';
import type { Configuration } from './platform/config/configuration.js';
import { DatabaseModule } from './platform/database/database.module.js';
import { EffectsModule } from './platform/effects/effect-seam.js';
import { EventLogModule } from './platform/event-log/event-log.module.js';
import { AuditModule } from './platform/http/access/audit.module.js';
import { HttpModule } from './platform/http/http.module.js';
import { IdempotencyModule } from './platform/http/idempotency/idempotency.module.js';
import type { JobNames } from './platform/jobs/job-catalogue.js';
import { JobsModule } from './platform/jobs/jobs.module.js';
import { ObservabilityModule } from './platform/observability/observability.module.js';
import { RetentionModule } from './platform/retention/retention.module.js';
import { SettingsApiModule } from './platform/settings/settings-api.module.js';
import { SupervisionModule } from './platform/supervision/supervision.module.js';
import { ReportsModule } from './reports/reports.module.js';
import { RestoreModule } from './restore/restore.module.js';
import { SyncModule } from './sync/sync.module.js';
import { TechnicalFlagsApiModule } from './technical-flags/technical-flags-api.module.js';
import { TechnicalFlagsModule } from './technical-flags/technical-flags.module.js';
import { TokensModule } from './tokens/tokens.module.js';
import { WebhooksModule } from './webhooks/webhooks.module.js';

/** Every job of the service; the compiler refuses a list that leaves one out, start-up refuses one nobody handles. */
const JOBS = { 'run-task': true, 'scheduled-sync': true } satisfies JobNames;

/** The one file that lists all modules: platform first, then the features in the order of their levels. */
@Module({})
export class AppModule {
  static for(configuration: Configuration): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigurationModule.for(configuration),
        ObservabilityModule,
        SupervisionModule,
        DatabaseModule,
        EventLogModule,
        EffectsModule,
        RetentionModule,
        HttpModule,
        IdempotencyModule,
        AuditModule,
        SettingsApiModule,
        JobsModule.for(Object.keys(JOBS)),
        AllegroModule,
        TechnicalFlagsModule,
        TechnicalFlagsApiModule,
        DataProtectionModule,
        IntegrityModule,
        TokensModule,
        OrdersModule,
        OrdersApiModule,
        AuthModule,
        SyncModule,
        ChangesModule,
        ErasureModule,
        ExportsModule,
        ExplanationsModule,
        MachineKeysModule,
        MonitoringModule,
        ReportsModule,
        RestoreModule,
        WebhooksModule,
      ],
    };
  }
}
