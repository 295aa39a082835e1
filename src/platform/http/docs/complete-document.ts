import type { OpenAPIObject } from '@nestjs/swagger';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;
const PROBLEM = { $ref: '#/components/schemas/Problem' };

/** RFC 9457 with this service's members. */
const PROBLEM_SCHEMA = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'code', 'instance', 'request_id'],
  properties: {
    type: { type: 'string', format: 'uri-reference', example: '/errors/TOKEN_NOT_FOUND' },
    title: { type: 'string', example: 'Token not found' },
    status: { type: 'integer', example: 404 },
    detail: { type: 'string', example: 'There is no such token.' },
    code: { type: 'string', example: 'TOKEN_NOT_FOUND' },
    instance: { type: 'string', example: '/api/v1/tokens/5e0c6c0e-0c39-4d8b-9f9a-6a3f4c1d2e3f' },
    request_id: { type: 'string', example: '8a8f1f0e-6f0e-4b7c-8a55-0f6a2f1d9c11' },
    errors: {
      type: 'array',
      description: 'the fields that do not validate',
      items: { type: 'object', required: ['field', 'message'], properties: { field: { type: 'string' }, message: { type: 'string' } } },
    },
  },
};

const FAILURES: Readonly<Record<string, string>> = {
  '400': 'the request cannot be read, or its values cannot be stored or compared',
  '404': 'no such resource, or it belongs to somebody else',
  '409': 'something else is in the way: what is there contradicts the request, or the first one with this Idempotency-Key is not answered yet',
  '413': 'the body is larger than the setting allows (1 MiB)',
  '414': 'a part of the address is too long',
  '415': 'the body is not application/json in UTF-8',
  '422': 'the request does not validate; `errors` names each field',
  '502': 'Allegro refused, or answered what cannot be read; `detail` names its status and trace id',
  '503': 'the database or Allegro does not answer; see Retry-After',
};
const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header' as const,
  required: false,
  description: 'The same request again within 24 hours does nothing twice: it gets the first answer, with `Idempotency-Replayed: true`.',
  schema: { type: 'string' as const, minLength: 1, maxLength: 255 },
};
const ACCESS_FAILURES: Readonly<Record<string, string>> = {
  '401': 'no valid access token',
  '403': 'the role is too low',
  '429': 'the tenant has used up its requests of this minute; see Retry-After and RateLimit',
};

function addFailures(operation: Operation, failures: Readonly<Record<string, string>>): void {
  for (const [status, description] of Object.entries(failures)) {
    // A route may say more exactly what the failure means; its shape is always the same.
    operation.responses[status] = { description, ...operation.responses[status], content: { 'application/problem+json': { schema: PROBLEM } } };
  }
}

function addIdempotency(operation: Operation): void {
  operation.parameters = [...(operation.parameters ?? []), IDEMPOTENCY_KEY];
}

/** What a route alone can answer (a stale ETag, a cursor of long ago) it names itself. */
function ownFailures(operation: Operation): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.keys(operation.responses)
      .filter((status) => status >= '400')
      .map((status) => [status, '']),
  );
}

function completeOperation(operation: Operation, method: string): void {
  addFailures(operation, { ...ownFailures(operation), ...FAILURES });
  const extensions = operation as unknown as Readonly<Record<string, unknown>>;
  if (extensions['x-public'] === true) return;
  addFailures(operation, ACCESS_FAILURES);
  operation.security = [{ bearer: [] }];
  if (method === 'post') addIdempotency(operation);
  const roles = extensions['x-roles'];
  const named = Array.isArray(roles) ? `Roles: ${roles.join(', ')}.` : 'Roles: any; in another tenant support reads and operators also change.';
  operation.description = [operation.description ?? '', named].filter((part) => part !== '').join('\n\n');
}

/** Adds to each operation what the pipeline does for all of them: the bearer scheme, the roles, the problem answers. */
export function completeDocument(document: OpenAPIObject): OpenAPIObject {
  for (const path of Object.values(document.paths)) {
    for (const method of METHODS) {
      const operation = path[method];
      if (operation !== undefined) completeOperation(operation, method);
    }
  }
  const components = document.components ?? {};
  return { ...document, components: { ...components, schemas: { ...components.schemas, Problem: PROBLEM_SCHEMA } } };
}
