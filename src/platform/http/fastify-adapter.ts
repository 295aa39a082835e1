import type { IncomingMessage } from 'node:http';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { Configuration } from '../config/configuration.js';
import { answerClientError } from './client-error.js';
import { HANDLER_TIMEOUT_MS, ownTimeoutOf } from './handler-timeout.js';
import { problemOf } from './problem-of.js';
import { sendProblem } from './problem.filter.js';
import { requestIdOf } from './request-id.js';
import { securityHeaders } from './security-headers.js';

/** Ids are UUIDs; device codes and account names stay below this too. */
const MAX_PARAM_LENGTH = 200;
/** How often requests that take too long to arrive are looked for: Node's own 30 s would double the limit. */
const LONGEST_LOOK_MS = 5_000;
/** A socket on which nothing moves for this long is dropped; above the pause between two heartbeats of a stream. */
const CONNECTION_TIMEOUT_MS = 75_000;
/** Above the common 60 s of load balancers, so that they close idle connections first and never meet a reset. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;

/** Fastify with every limit set: its own time-outs all default to none. */
export function createFastifyAdapter(configuration: Configuration, handlerTimeout = HANDLER_TIMEOUT_MS): FastifyAdapter {
  const headers = securityHeaders(configuration);
  const { bodyKib, requestSeconds } = configuration.http.limits;
  const adapter = new FastifyAdapter({
    bodyLimit: bodyKib * 1_024,
    requestTimeout: requestSeconds * 1_000,
    // Node takes the larger of the two for the whole request, and its own for the headers is 60 s.
    http: { headersTimeout: requestSeconds * 1_000, connectionsCheckingInterval: Math.min(LONGEST_LOOK_MS, requestSeconds * 250) },
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    handlerTimeout,
    // One hop: the nearest proxy. More would let a client choose its own address.
    trustProxy: configuration.http.trustProxy ? (_address, hop) => hop === 0 : false,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    genReqId: (request: IncomingMessage) => requestIdOf(request.headers['x-request-id']),
    clientErrorHandler: answerClientError,
    // The router answers an unreadable address before any hook runs.
    frameworkErrors: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
      void reply.headers(headers).header('X-Request-Id', request.id);
      sendProblem(problemOf(error), request, reply);
    },
    routerOptions: {
      maxParamLength: MAX_PARAM_LENGTH,
      ignoreTrailingSlash: true,
      ignoreDuplicateSlashes: false,
      caseSensitive: true,
    },
  });
  adapter.getInstance().addHook('onRoute', (route) => {
    const own = ownTimeoutOf(route.config);
    if (own !== undefined) route.handlerTimeout = own;
  });
  return adapter;
}
