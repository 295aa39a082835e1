import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Configuration } from '../config/configuration.js';
import { type LogFields, withinLogFields } from '../observability/log-context.js';
import { isReadableBody } from './content-type.js';
import type { Drain } from './drain.js';
import { bodyNotJson, mediaTypeNotSupported, notServedHere, textNotAccepted } from './http.errors.js';
import { parseJsonBody } from './json-body.js';
import { securityHeaders } from './security-headers.js';

const fieldsOf = new WeakMap<FastifyRequest, LogFields>();

/** What a background process serves: probes and metrics. */
const OPERATIONAL_PATHS = new Set(['/livez', '/readyz', '/health', '/metrics']);

/** The fields log lines of this request carry; the guards add the tenant. */
export function logFieldsOf(request: FastifyRequest): LogFields {
  const fields = fieldsOf.get(request) ?? { request_id: request.id };
  fieldsOf.set(request, fields);
  return fields;
}

/** Opens the log context of a request; once more after its body was read, because streams lose it. */
export function addContextHooks(fastify: FastifyInstance): void {
  const enter = (request: FastifyRequest, _reply: FastifyReply, done: () => void): void => {
    withinLogFields(logFieldsOf(request), done);
  };
  fastify.addHook('onRequest', enter);
  fastify.addHook('preValidation', enter);
}

/** Headers of every answer, whatever becomes of the request. */
export function addHeaderHooks(fastify: FastifyInstance, configuration: Configuration): void {
  const headers = securityHeaders(configuration);
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.headers(headers).header('X-Request-Id', request.id);
    done();
  });
}

/** Refuses what no handler should see: broken text, unreadable bodies, interface calls in a background process. */
export function addRefusalHooks(fastify: FastifyInstance, configuration: Configuration): void {
  const serves = configuration.role === 'api' || configuration.role === 'all';
  fastify.addHook('onRequest', (request, _reply, done) => {
    const path = request.url.split('?', 1)[0] ?? '';
    if (!serves && !OPERATIONAL_PATHS.has(path)) done(notServedHere());
    else if (/%00|\0/.test(request.url)) done(textNotAccepted());
    else if (!isReadableBody(request.raw)) done(mediaTypeNotSupported());
    else done();
  });
}

/** While the process stops, every answer asks its client to take a new connection, which reaches another process. */
export function addDrainHooks(fastify: FastifyInstance, drain: Drain): void {
  fastify.addHook('onSend', async (_request, reply, payload) => {
    if (!drain.started) return payload;
    await drain.passage();
    void reply.header('Connection', 'close');
    return payload;
  });
}

/** One parser for all bodies: their type was checked before, and an empty body is no body on any method. */
export function useStrictJson(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body: Buffer, done) => {
    if (body.length === 0) {
      done(null, undefined);
      return;
    }
    try {
      done(null, parseJsonBody(body));
    } catch {
      // The parser's own message quotes the body.
      done(bodyNotJson());
    }
  });
}
