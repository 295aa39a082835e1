import { Global, Module, type DynamicModule, type ModuleMetadata } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { CONFIGURATION, parseConfiguration, type Configuration } from '../../src/platform/config/configuration.js';
import { DatabaseModule } from '../../src/platform/database/database.module.js';
import { EventLogModule } from '../../src/platform/event-log/event-log.module.js';
import { testEnvironment } from './environment.js';
import type { TestDatabase } from './test-database.js';

@Global()
@Module({})
class TestConfigurationModule {
  static of(configuration: Configuration): DynamicModule {
    return { module: TestConfigurationModule, providers: [{ provide: CONFIGURATION, useValue: configuration }], exports: [CONFIGURATION] };
  }
}

/** The service's modules on a real database, without its HTTP side; close it at the end. */
export async function startContext(
  database: TestDatabase,
  metadata: Pick<ModuleMetadata, 'imports' | 'providers'> = {},
  changes: Readonly<Record<string, string>> = {},
): Promise<TestingModule> {
  const configuration = parseConfiguration(testEnvironment({ DATABASE_URL: database.serviceUrl, ...changes }));
  const module = await Test.createTestingModule({
    imports: [TestConfigurationModule.of(configuration), DatabaseModule, EventLogModule, ...(metadata.imports ?? [])],
    providers: metadata.providers ?? [],
  }).compile();
  module.enableShutdownHooks();
  return module.init();
}
