import { type DynamicModule, Module } from '@nestjs/common';
import { ConfigurationModule } from './platform/config/configuration.module.js';
import type { Configuration } from './platform/config/configuration.js';
import { DatabaseModule } from './platform/database/database.module.js';
import { HttpModule } from './platform/http/http.module.js';
import { ObservabilityModule } from './platform/observability/observability.module.js';
import { SupervisionModule } from './platform/supervision/supervision.module.js';

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
        HttpModule,
      ],
    };
  }
}
