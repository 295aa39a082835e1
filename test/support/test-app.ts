import { type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ConfigurationModule } from '../../src/platform/config/configuration.module.js';
import { type Configuration, parseConfiguration } from '../../src/platform/config/configuration.js';
import { DatabaseModule } from '../../src/platform/database/database.module.js';
import { configureApp } from '../../src/platform/http/configure-app.js';
import { createFastifyAdapter } from '../../src/platform/http/fastify-adapter.js';
import { HttpModule } from '../../src/platform/http/http.module.js';
import { NestLogger } from '../../src/platform/observability/nest-logger.js';
import { ObservabilityModule } from '../../src/platform/observability/observability.module.js';
import { StructuredLogger } from '../../src/platform/observability/structured-logger.js';
import { SupervisionModule } from '../../src/platform/supervision/supervision.module.js';
import { testEnvironment } from './environment.js';

export interface TestApp {
  readonly app: NestFastifyApplication;
  readonly configuration: Configuration;
  /** Everything the process would have printed, line by line. */
  readonly logLines: readonly string[];
  close(): Promise<void>;
}

export interface TestAppParts {
  readonly controllers?: readonly Type[];
  readonly imports?: readonly Type[];
  /** Changes to the test environment; without DATABASE_URL nothing may ask the database. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** The real request pipeline around controllers of a test, ready for `app.inject` or `app.listen`. */
export async function startTestApp(parts: TestAppParts): Promise<TestApp> {
  const configuration = parseConfiguration(testEnvironment({ LOG_LEVEL: 'debug', ...parts.env }));
  class TestModule {}
  Module({
    imports: [ConfigurationModule.for(configuration), ObservabilityModule, SupervisionModule, DatabaseModule, HttpModule, ...(parts.imports ?? [])],
    controllers: [...(parts.controllers ?? [])],
  })(TestModule);
  const logLines: string[] = [];
  const logger = new NestLogger(new StructuredLogger(configuration, { write: (line) => logLines.push(line) }));
  const app = await NestFactory.create<NestFastifyApplication>(TestModule, createFastifyAdapter(configuration), {
    bodyParser: false,
    abortOnError: false,
    logger,
  });
  configureApp(app, configuration);
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  return { app, configuration, logLines, close: () => app.close() };
}
