import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
import { parseConfiguration } from './platform/config/configuration.js';
import { configureApp } from './platform/http/configure-app.js';
import { OpenApi } from './platform/http/docs/open-api.js';
import { createFastifyAdapter } from './platform/http/fastify-adapter.js';

const key = (): string => randomBytes(32).toString('base64');

/** The document needs no servers and no secrets: an application that is built, never started. */
const configuration = parseConfiguration({
  LOG_LEVEL: 'silent',
  DATABASE_URL: 'postgresql://127.0.0.1:1/none',
  JWT_SECRET: key(),
  MASTER_KEYS: `none:${key()}`,
  HASH_PEPPER: key(),
  ALLEGRO_CLIENT_ID: 'none',
  ALLEGRO_CLIENT_SECRET: key(),
  ALLEGRO_USER_AGENT: 'None/1.0.0 (+https://example.com)',
});
const adapter = createFastifyAdapter(configuration);
const app = await NestFactory.create<NestFastifyApplication>(AppModule.for(configuration), adapter, { bodyParser: false, logger: false, abortOnError: false });
configureApp(app, configuration);
// The queue's connections would keep the process; nothing of it was used.
process.stdout.write(`${JSON.stringify(app.get(OpenApi).document(), null, 2)}\n`, () => process.exit(0));
