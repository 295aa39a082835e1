import { Global, Module } from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { AccessModule } from './access/access.module.js';
import { DocsController } from './docs/docs.controller.js';
import { OpenApi } from './docs/open-api.js';
import { ServiceController } from './docs/service.controller.js';
import { Drain } from './drain.js';
import { DatabaseReadiness } from './health/database-readiness.js';
import { HealthController } from './health/health.controller.js';
import { ProblemFilter } from './problem.filter.js';
import { UndeclaredBody } from './undeclared-body.interceptor.js';
import { ValidationPipe } from './validation.pipe.js';

/** How requests come in and answers go out: access, validation, problems, health, documentation. */
@Global()
@Module({
  imports: [AccessModule],
  controllers: [HealthController, DocsController, ServiceController],
  providers: [
    Drain,
    OpenApi,
    DatabaseReadiness,
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_INTERCEPTOR, useClass: UndeclaredBody },
    { provide: APP_PIPE, useClass: ValidationPipe },
  ],
  exports: [Drain],
})
export class HttpModule {}
