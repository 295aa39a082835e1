import type { OpenAPIObject } from '@nestjs/swagger';
import { PROBLEMS } from '../../../core/problem-catalogue.js';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
type Answers = NonNullable<NonNullable<OpenAPIObject['components']>['responses']>;

interface Failure {
  readonly name: string;
  readonly code: keyof typeof PROBLEMS;
  readonly detail: string;
  readonly description: string;
}

const PROBLEM = { $ref: '#/components/schemas/Problem' };
const REQUEST_ID = '8a8f1f0e-6f0e-4b7c-8a55-0f6a2f1d9c11';
const INSTANCE = '/api/v1/orders';

/** RFC 9457 with this service's members. */
export const PROBLEM_SCHEMA = {
  type: 'object' as const,
  required: ['type', 'title', 'status', 'detail', 'code', 'instance', 'request_id'],
  properties: {
    type: { type: 'string' as const, format: 'uri-reference', example: '/errors/TOKEN_NOT_FOUND' },
    title: { type: 'string' as const, example: 'Token not found' },
    status: { type: 'integer' as const, example: 404 },
    detail: { type: 'string' as const, example: 'There is no such token.' },
    code: { type: 'string' as const, example: 'TOKEN_NOT_FOUND' },
    instance: { type: 'string' as const, example: INSTANCE },
    request_id: { type: 'string' as const, example: REQUEST_ID },
    errors: {
      type: 'array' as const,
      description: 'the fields that do not validate',
      example: [{ field: 'token_id', message: 'token_id must be a UUID' }],
      items: {
        type: 'object' as const,
        required: ['field', 'message'],
        properties: { field: { type: 'string' as const }, message: { type: 'string' as const } },
      },
    },
  },
};

/** What any call can be refused with. */
const FAILURES: Readonly<Record<string, Failure>> = {
  '400': {
    name: 'BadRequest',
    code: 'BODY_NOT_JSON',
    detail: 'The body is not JSON.',
    description: 'the request cannot be read, or its values cannot be stored or compared',
  },
  '404': { name: 'NotFound', code: 'TOKEN_NOT_FOUND', detail: 'There is no such token.', description: 'no such resource, or it belongs to somebody else' },
  '409': {
    name: 'Conflict',
    code: 'IDEMPOTENCY_KEY_IN_FLIGHT',
    detail: 'The first request with this Idempotency-Key is not answered yet.',
    description: 'something else is in the way: what is there contradicts the request, or the first one with this Idempotency-Key is not answered yet',
  },
  '413': {
    name: 'ContentTooLarge',
    code: 'BODY_TOO_LARGE',
    detail: 'The body is larger than 1048576 bytes.',
    description: 'the body is larger than the setting allows (1 MiB)',
  },
  '414': { name: 'AddressTooLong', code: 'ADDRESS_TOO_LONG', detail: 'A part of the address is too long.', description: 'a part of the address is too long' },
  '415': {
    name: 'UnsupportedMediaType',
    code: 'MEDIA_TYPE_NOT_SUPPORTED',
    detail: 'The body must be application/json in UTF-8.',
    description: 'the body is not application/json in UTF-8',
  },
  '422': {
    name: 'UnprocessableContent',
    code: 'VALIDATION_FAILED',
    detail: 'token_id must be a UUID',
    description: 'the request does not validate; `errors` names each field',
  },
  '502': {
    name: 'BadGateway',
    code: 'ALLEGRO_REJECTED',
    detail: 'Allegro answered 422 (trace f3b1a2c49d0e).',
    description: 'Allegro refused, or answered what cannot be read; `detail` names its status and trace id',
  },
  '503': {
    name: 'ServiceUnavailable',
    code: 'DATABASE_UNAVAILABLE',
    detail: 'The database does not answer.',
    description: 'the database or Allegro does not answer; see Retry-After',
  },
};

/** What a call that needs an access token can be refused with besides. */
const ACCESS_FAILURES: Readonly<Record<string, Failure>> = {
  '401': {
    name: 'Unauthorized',
    code: 'ACCESS_TOKEN_REQUIRED',
    detail: 'Send Authorization: Bearer with an access token.',
    description: 'no valid access token',
  },
  '403': {
    name: 'Forbidden',
    code: 'ROLE_TOO_LOW',
    detail: 'The call needs one of the roles: operator.',
    description: 'the role is too low, or a machine key (of personal data: support) lacks the scope',
  },
  '429': {
    name: 'TooManyRequests',
    code: 'RATE_LIMITED',
    detail: 'The tenant has used up its requests of this minute.',
    description: 'the tenant has used up its requests of this minute; see Retry-After and RateLimit',
  },
};

const RETRY_AFTER = { 'Retry-After': { description: 'Seconds until another try makes sense.', schema: { type: 'integer' as const, example: 3 } } };

/** The refusals that calls share, for the document's components. */
export function failureAnswers(): Answers {
  const all = Object.entries({ ...FAILURES, ...ACCESS_FAILURES });
  return Object.fromEntries(all.map(([status, failure]) => [failure.name, answerOf(status, failure)]));
}

function answerOf(status: string, { code, detail, description }: Failure): Answers[string] {
  const { title } = PROBLEMS[code];
  const problem = { type: `/errors/${code}`, title, status: Number(status), detail, code, instance: INSTANCE, request_id: REQUEST_ID };
  const example = code === 'VALIDATION_FAILED' ? { ...problem, errors: PROBLEM_SCHEMA.properties.errors.example } : problem;
  const headers = status === '429' || status === '503' ? { headers: RETRY_AFTER } : {};
  return { description, ...headers, content: { 'application/problem+json': { schema: PROBLEM, example } } };
}

/** Names the failures of a call: those of its own in its own words, the others as every call has them. */
export function addFailures({ responses }: Operation, isPublic: boolean): void {
  const shared = isPublic ? FAILURES : { ...FAILURES, ...ACCESS_FAILURES };
  for (const status of Object.keys(responses).filter((name) => name >= '400')) responses[status] = ownFailure(responses[status], shared[status]);
  for (const [status, { name }] of Object.entries(shared)) responses[status] ??= { $ref: `#/components/responses/${name}` };
}

/** A failure that a route describes itself, in the one shape that all of them have. */
function ownFailure(answer: Answers[string] | undefined, shared: Failure | undefined): Answers[string] {
  const own = answer !== undefined && 'description' in answer ? answer : { description: '' };
  const description = own.description === '' ? (shared?.description ?? '') : own.description;
  return { ...own, description, content: { 'application/problem+json': { schema: PROBLEM } } };
}
