import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { CONFIGURATION, type Configuration } from '../config/configuration.js';
import { Metrics } from '../observability/metrics.js';
import { addWithholding } from './access/withholding.js';
import { addCompression } from './compression.js';
import { OpenApi } from './docs/open-api.js';
import { Drain } from './drain.js';
import { addContextHooks, addDrainHooks, addHeaderHooks, addRefusalHooks, useStrictJson } from './request-hooks.js';
import { limitUnmatchedRequests } from './rate-limit/unmatched-requests.js';
import { RateLimits } from './rate-limit/rate-limits.service.js';
import { addRequestLog } from './request-log.js';

/** Everything but these lives under the prefix, so that a controller names only its own path. */
const PREFIX = 'api/v1';
const OUTSIDE_PREFIX = ['/', 'livez', 'readyz', 'health', 'metrics', 'docs', 'docs/:file', 'openapi.json', 'api/v1/openapi.json'];
/** Browsers ask again after an hour; settings of origins change rarely. */
const PREFLIGHT_AGE_SECONDS = 3_600;

/** What scripts of another origin may read of an answer. */
const EXPOSED_HEADERS = [
  ...['X-Request-Id', 'Retry-After', 'ETag', 'Link', 'X-Demo-Mode', 'Idempotency-Replayed', 'RateLimit', 'RateLimit-Policy'],
  ...['Accept-Ranges', 'Content-Disposition', 'Content-Range', 'Deprecation', 'Sunset'],
  ...['X-RateLimit-Limit', 'X-RateLimit-Remaining', 'X-RateLimit-Reset'],
];

function useCors(app: NestFastifyApplication, origins: readonly string[]): void {
  if (origins.length === 0) return;
  app.enableCors({
    origin: [...origins],
    methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: ['Authorization', 'Content-Type', 'X-Request-Id', 'Idempotency-Key', 'If-Match', 'If-None-Match', 'If-Range', 'Last-Event-ID', 'Range'],
    exposedHeaders: [...EXPOSED_HEADERS],
    credentials: false,
    maxAge: PREFLIGHT_AGE_SECONDS,
  });
}

/**
 * The whole request pipeline; used by the service and by every test that builds a small application (create it with
 * `createFastifyAdapter(configuration)` and `{ bodyParser: false }`, import `HttpModule`).
 */
export function configureApp(app: NestFastifyApplication, configuration: Configuration = app.get<Configuration>(CONFIGURATION)): void {
  const fastify = app.getHttpAdapter().getInstance();
  app.setGlobalPrefix(PREFIX, { exclude: OUTSIDE_PREFIX });
  addContextHooks(fastify);
  addHeaderHooks(fastify, configuration);
  useCors(app, configuration.http.corsOrigins);
  addRequestLog(fastify, app.get(Metrics));
  limitUnmatchedRequests(fastify, app.get(RateLimits));
  addRefusalHooks(fastify, configuration);
  addWithholding(fastify);
  addCompression(fastify);
  addDrainHooks(fastify, app.get(Drain));
  useStrictJson(fastify);
  app.get(OpenApi).describe(app);
}
