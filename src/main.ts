import 'reflect-metadata';
import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
import { type Configuration, ConfigurationMistakes, parseConfiguration } from './platform/config/configuration.js';
import { configureApp } from './platform/http/configure-app.js';
import { Drain } from './platform/http/drain.js';
import { createFastifyAdapter } from './platform/http/fastify-adapter.js';
import { stopHttp } from './platform/http/stop-http.js';
import { DispatchLifecycle } from './platform/jobs/dispatch-lifecycle.js';
import { NestLogger } from './platform/observability/nest-logger.js';
import { StructuredLogger } from './platform/observability/structured-logger.js';
import { SupervisedLoops } from './platform/supervision/supervised-loops.js';

/** Before the launcher kills, which waits 8 s: 5 s for requests and running work beside each other, the rest to close. */
const STOP_DEADLINE_MS = 7_800;

function readConfiguration(): Configuration {
  try {
    return parseConfiguration(process.env);
  } catch (error) {
    if (!(error instanceof ConfigurationMistakes)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

const configuration = readConfiguration();
const output = new StructuredLogger(configuration);
const logger = new Logger('service');

function exit(code: number): never {
  output.flush();
  process.exit(code);
}

/** A failure nobody handled leaves the process in a state nobody knows: say why, and let the supervisor start a new one. */
function die(error: unknown): never {
  output.write('fatal', { module: 'service', message: 'the process ends after an unhandled failure', fields: { err: error } });
  exit(1);
}

async function stop(app: NestFastifyApplication): Promise<void> {
  await Promise.all([stopHttp(app.getHttpServer(), app.get(Drain)), app.get(DispatchLifecycle).stop(), app.get(SupervisedLoops).stopAll()]);
  await app.close();
}

function stopOn(signal: NodeJS.Signals, app: NestFastifyApplication): void {
  process.once(signal, () => {
    logger.log('stopping', { signal });
    setTimeout(() => {
      logger.error('not stopped in time, ending at once');
      exit(1);
    }, STOP_DEADLINE_MS).unref();
    stop(app).then(() => exit(0), die);
  });
}

async function start(): Promise<void> {
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.for(configuration), createFastifyAdapter(configuration), {
    bodyParser: false,
    abortOnError: false,
    logger: new NestLogger(output),
  });
  configureApp(app, configuration);
  stopOn('SIGTERM', app);
  stopOn('SIGINT', app);
  await app.listen(configuration.http.port, configuration.http.host);
  const url = await app.getUrl();
  if (configuration.demo) logger.warn('DEMO MODE: invented shop and keys known to everybody, never for real sellers');
  logger.log('listening', { url, demo: configuration.demo, allegro: configuration.allegro.environment });
  process.send?.({ listening: url });
}

process.on('uncaughtException', die);
process.on('unhandledRejection', die);
await start().catch(die);
