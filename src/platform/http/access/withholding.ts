import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { JsonValue } from '../../../core/json.js';
import { withholdPersonalData } from '../../vault/withheld.js';
import { problemDocument } from '../problem-document.js';
import type { ScopedRequest } from './access.decorators.js';
import { scopeMissing } from './access.errors.js';
import { PERSONAL_DATA } from './key-scopes.js';
import { withholdsByItself } from './route-scopes.js';

const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json\b/;

/**
 * Nothing personal of a buyer leaves to a caller who may not see it: whatever a handler answers passes here, so no handler can forget it.
 * What cannot be read here (streams, files) is refused unless its route is known to withhold by itself.
 */
export function addWithholding(fastify: FastifyInstance): void {
  fastify.addHook('onSend', async (request: FastifyRequest & ScopedRequest, reply, payload) => {
    if (request.tenantScope?.seesPersonalData !== false || isEmpty(payload)) return payload;
    if (isText(payload) && JSON_TYPE.test(String(reply.getHeader('content-type')))) return withheld(payload);
    return withholdsByItself(request.method, request.routeOptions.url ?? '') ? payload : refused(request, reply, payload);
  });
}

const isEmpty = (payload: unknown): boolean => payload === null || payload === undefined || payload === '';
const isText = (payload: unknown): payload is string | Buffer => typeof payload === 'string' || Buffer.isBuffer(payload);

const withheld = (payload: string | Buffer): string => JSON.stringify(withholdPersonalData(JSON.parse(payload.toString()) as JsonValue));

function refused(request: FastifyRequest, reply: FastifyReply, payload: unknown): string {
  if (payload instanceof Readable) payload.destroy();
  const problem = scopeMissing(PERSONAL_DATA);
  void reply.removeHeader('content-length').removeHeader('content-disposition').removeHeader('etag');
  void reply.code(problem.status).type('application/problem+json; charset=utf-8');
  return JSON.stringify(problemDocument(problem, { path: request.url.split('?', 1)[0] ?? '', requestId: request.id }));
}
