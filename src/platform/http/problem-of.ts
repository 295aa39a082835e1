import { HttpException } from '@nestjs/common';
import { Problem } from '../../core/problem.js';
import {
  addressTooLong,
  badRequest,
  bodyNotJson,
  bodyTooLarge,
  databaseUnavailable,
  internalError,
  mediaTypeNotSupported,
  routeNotFound,
  tookTooLong,
  valueNotAccepted,
} from './http.errors.js';

/** Refusals of Fastify and of Nest by their status: their texts quote the request and the framework's inner names. */
const BY_STATUS: Readonly<Record<number, () => Problem>> = {
  404: routeNotFound,
  413: bodyTooLarge,
  414: addressTooLong,
  415: mediaTypeNotSupported,
};

const BY_FRAMEWORK_CODE: ReadonlyMap<string, (cause: unknown) => Problem> = new Map([
  ['FST_ERR_CTP_INVALID_JSON_BODY', bodyNotJson],
  ['FST_ERR_CTP_EMPTY_JSON_BODY', bodyNotJson],
  ['FST_ERR_CTP_INVALID_CONTENT_LENGTH', () => badRequest('The length of the body is not the announced one.')],
  ['FST_ERR_BAD_URL', () => badRequest('The address is not well-formed.')],
  ['FST_ERR_HANDLER_TIMEOUT', tookTooLong],
]);

/** Postgres class 22: a value of the request got as far as the database, which cannot hold or read it. */
const VALUE_STATES = new Set(['22003', '22007', '22008', '22021', '22023', '22P02', '22P03', '22P05']);
/** Statement, lock and transaction time-outs. */
const TIMEOUT_STATES = new Set(['57014', '55P03', '25P03', '25P04']);
const CONNECTION_STATES = new Set([
  '53300',
  '57P01',
  '57P02',
  '57P03',
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'EHOSTUNREACH',
]);

function* causesOf(error: unknown): Generator<object> {
  let current = error;
  // Ten levels are more than any library wraps; a cycle ends here too.
  for (let depth = 0; depth < 10 && typeof current === 'object' && current !== null; depth += 1) {
    yield current;
    current = (current as { cause?: unknown }).cause;
  }
}

/** The pool's own failures carry no code. */
const POOL_MESSAGES: readonly unknown[] = ['timeout exceeded when trying to connect', 'Connection terminated unexpectedly'];

function codeOf(error: object): string {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : '';
}

function ofState(code: string): ((cause: unknown) => Problem) | null {
  if (VALUE_STATES.has(code)) return valueNotAccepted;
  if (TIMEOUT_STATES.has(code)) return tookTooLong;
  return CONNECTION_STATES.has(code) || code.startsWith('08') ? databaseUnavailable : null;
}

function ofDatabase(error: unknown): Problem | null {
  for (const cause of causesOf(error)) {
    const found = ofState(codeOf(cause));
    if (found !== null) return found(error);
    if (POOL_MESSAGES.includes((cause as { message?: unknown }).message)) return databaseUnavailable(error);
  }
  return null;
}

function clientStatusOf(error: object): number | null {
  const status = error instanceof HttpException ? error.getStatus() : fastifyStatusOf(error);
  return status >= 400 && status < 500 ? status : null;
}

function fastifyStatusOf(error: object): number {
  const { statusCode } = error as { statusCode?: unknown };
  return typeof statusCode === 'number' && codeOf(error).startsWith('FST_') ? statusCode : 0;
}

function ofFramework(error: unknown): Problem | null {
  if (typeof error !== 'object' || error === null) return null;
  const known = BY_FRAMEWORK_CODE.get(codeOf(error));
  if (known) return known(error);
  const status = clientStatusOf(error);
  if (status === null) return null;
  return BY_STATUS[status]?.() ?? new Problem('BAD_REQUEST', { status, detail: 'The request is not one this service accepts.', cause: error });
}

/** The problem any failure of a request is answered with; what nobody expected is a 500 that tells nothing. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error as Problem;
  return ofFramework(error) ?? ofDatabase(error) ?? internalError(error);
}
