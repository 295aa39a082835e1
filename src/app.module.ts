import { type DynamicModule, Module } from '@nestjs/common';
import { ConfigurationModule } from './platform/config/configuration.module.js';
import type { Configuration } from './platform/config/configuration.js';
import { DatabaseModule } from './platform/database/database.module.js';
import { HttpModule } from './platform/http/http.module.js';

/** The one file that lists all modules: platform first, then the features in the order of their levels. */
@Module({})
export class AppModule {
  static for(configuration: Configuration): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigurationModule.for(configuration),
        HttpModule,
        DatabaseModule,
      ],
    };
  }
}
