import type { IncomingMessage } from 'node:http';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { Configuration } from '../config/configuration.js';
import { answerClientError } from './client-error.js';
import { problemOf } from './problem-of.js';
import { sendProblem } from './problem.filter.js';
import { requestIdOf } from './request-id.js';
import { securityHeaders } from './security-headers.js';

/** The largest body a client of the contract sends is a bulk flag change of a few hundred kB. */
const BODY_LIMIT_BYTES = 1_048_576;
/** Ids are UUIDs; device codes and account names stay below this too. */
const MAX_PARAM_LENGTH = 200;
/** Longest time for a whole request to arrive; clients themselves give up after 10 s. */
const REQUEST_TIMEOUT_MS = 30_000;
/** A socket on which nothing moves for this long is dropped; above the pause between two heartbeats of a stream. */
const CONNECTION_TIMEOUT_MS = 75_000;
/** Above the common 60 s of load balancers, so that they close idle connections first and never meet a reset. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;
/** A handler of the API answers in under 10 s; what streams for longer hijacks its reply. */
const HANDLER_TIMEOUT_MS = 30_000;

/** Fastify with every limit set: its own time-outs all default to none. */
export function createFastifyAdapter(configuration: Configuration): FastifyAdapter {
  const headers = securityHeaders(configuration);
  return new FastifyAdapter({
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    handlerTimeout: HANDLER_TIMEOUT_MS,
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
}
