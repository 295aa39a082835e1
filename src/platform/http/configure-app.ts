import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Configuration } from '../config/configuration.js';

/** The whole request pipeline; used by the service and by every test that builds a small application. */
export function configureApp(app: NestFastifyApplication, configuration: Configuration): void {
  if (configuration.http.corsOrigins.length > 0) app.enableCors({ origin: [...configuration.http.corsOrigins] });
}
