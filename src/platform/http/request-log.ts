import { Logger } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import type { Metrics } from '../observability/metrics.js';
import { withinLogFields } from '../observability/log-context.js';
import { LineAllowance } from './line-allowance.js';
import { logFieldsOf } from './request-hooks.js';

/** Probes arrive every few seconds and say nothing; they are logged only when they fail. */
const QUIET_PATHS = new Set(['/livez', '/readyz', '/health', '/metrics']);

/** Enough to see who asks for what; an attack sends thousands. The metric counts them all. */
const REFUSALS_PER_SECOND = 10;
const REFUSALS = new Set([401, 429]);

/** One log line and one measurement a request: the path without its query, the route's template as the metric's label. */
export function addRequestLog(fastify: FastifyInstance, metrics: Metrics): void {
  const logger = new Logger('http');
  const refusals = new LineAllowance(REFUSALS_PER_SECOND);
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
    const heldBack = REFUSALS.has(status) ? refusals.take(performance.now()) : 0;
    if (heldBack !== null && (status >= 400 || !QUIET_PATHS.has(path))) {
      withinLogFields(logFieldsOf(request), () => {
        logger.log('request', {
          method: request.method,
          path,
          status,
          duration_ms: Math.round(reply.elapsedTime),
          ...(heldBack > 0 ? { held_back: heldBack } : {}),
        });
      });
    }
    done();
  });
}
