import { Logger } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import type { Metrics } from '../observability/metrics.js';
import { withinLogFields } from '../observability/log-context.js';
import { logFieldsOf } from './request-hooks.js';

/** Probes arrive every few seconds and say nothing; they are logged only when they fail. */
const QUIET_PATHS = new Set(['/livez', '/readyz', '/health', '/metrics']);

/** One log line and one measurement a request: the path without its query, the route's template as the metric's label. */
export function addRequestLog(fastify: FastifyInstance, metrics: Metrics): void {
  const logger = new Logger('http');
  const durations = metrics.histogram({
    name: 'http_request_duration_seconds',
    help: 'Time to answer, by route template',
    labels: ['method', 'route', 'status'],
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    const status = reply.statusCode;
    const route = request.is404 ? 'unmatched' : (request.routeOptions.url ?? 'unmatched');
    durations.observe({ method: request.method, route, status: String(status) }, reply.elapsedTime / 1_000);
    const path = request.url.split('?', 1)[0] ?? '';
    if (status >= 400 || !QUIET_PATHS.has(path)) {
      withinLogFields(logFieldsOf(request), () => {
        logger.log('request', { method: request.method, path, status, duration_ms: Math.round(reply.elapsedTime) });
      });
    }
    done();
  });
}
