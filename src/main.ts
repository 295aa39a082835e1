import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
import { type Configuration, ConfigurationMistakes, parseConfiguration } from './platform/config/configuration.js';
import { configureApp } from './platform/http/configure-app.js';
import { createFastifyAdapter } from './platform/http/fastify-adapter.js';

function readConfiguration(): Configuration {
  try {
    return parseConfiguration(process.env);
  } catch (error) {
    if (!(error instanceof ConfigurationMistakes)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

async function start(configuration: Configuration): Promise<void> {
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.for(configuration), createFastifyAdapter(configuration), {
    bodyParser: false,
    abortOnError: false,
  });
  configureApp(app, configuration);
  await app.listen(configuration.http.port, configuration.http.host);
  process.send?.({ listening: await app.getUrl() });
}

await start(readConfiguration());
