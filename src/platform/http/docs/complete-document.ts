import type { OpenAPIObject } from '@nestjs/swagger';
import type { Role } from '../access/tenant-scope.js';
import { DEPRECATED_SINCE } from '../deprecated.decorator.js';
import { addExamples, schemasWithExamples } from './add-examples.js';
import { addFailures, failureAnswers, PROBLEM_SCHEMA } from './failure-answers.js';
import { TAGS } from './tags.js';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']> & {
  'x-public'?: boolean;
  /** Who may call it in the own tenant. */
  'x-roles'?: readonly Role[];
  /** Who may call it in another tenant, by `user_id`. */
  'x-roles-across-tenants'?: readonly Role[];
};

interface ParameterObject {
  readonly name: string;
  readonly in: 'query' | 'header';
  readonly required: boolean;
  readonly description: string;
  readonly schema: { readonly type: 'string'; readonly minLength?: number; readonly maxLength?: number };
  readonly example?: string;
}

const EVERY_ROLE: readonly Role[] = ['seller', 'operator', 'support'];
const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;
const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header' as const,
  required: false,
  description: 'The same request again within 24 hours does nothing twice: it gets the first answer, with `Idempotency-Replayed: true`.',
  schema: { type: 'string' as const, minLength: 1, maxLength: 255 },
};

/** How staff say in whose tenant they act, and why; nobody else's is read. */
const ACROSS_TENANTS: readonly ParameterObject[] = [
  {
    name: 'user_id',
    in: 'query',
    required: false,
    description: 'The tenant staff act in; written to its audit trail.',
    schema: { type: 'string', minLength: 1, maxLength: 64 },
    example: 'shop-17',
  },
  { name: 'reason', in: 'query', required: false, description: 'Why, for that trail.', schema: { type: 'string' }, example: 'ticket 4711' },
];

/** As `isAllowed` decides: a route that names no roles is read-only for support in another tenant. */
function acrossTenants(roles: readonly Role[] | undefined, method: string): readonly Role[] {
  if (roles === undefined) return method === 'get' ? ['operator', 'support'] : ['operator'];
  const isOperators = roles.includes('operator') || roles.includes('seller');
  return [...(isOperators ? (['operator'] as const) : []), ...(roles.includes('support') ? (['support'] as const) : [])];
}

function addAccess(operation: Operation, method: string): void {
  const named = operation['x-roles'];
  operation.security = [{ bearer: [] }];
  operation['x-roles'] = named ?? EVERY_ROLE;
  operation['x-roles-across-tenants'] = acrossTenants(named, method);
  const said = `Roles: ${operation['x-roles'].join(', ')}; in another tenant: ${operation['x-roles-across-tenants'].join(', ')}.`;
  operation.description = [operation.description ?? '', said].filter((part) => part !== '').join('\n\n');
  addParameters(operation, [...(operation['x-roles-across-tenants'].length > 0 ? ACROSS_TENANTS : []), ...(method === 'post' ? [IDEMPOTENCY_KEY] : [])]);
}

/** What an operation names itself stays as it says. */
function addParameters(operation: Operation, more: readonly ParameterObject[]): void {
  const own = (operation.parameters ?? []) as ParameterObject[];
  operation.parameters = [...own, ...more.filter(({ name, in: where }) => !own.some((known) => known.name === name && known.in === where))];
}

function completeOperation(operation: Operation, method: string): void {
  const isPublic = operation['x-public'] === true;
  if (DEPRECATED_SINCE in operation) operation.deprecated = true;
  addFailures(operation, isPublic);
  if (!isPublic) addAccess(operation, method);
}

/** By name, so that the document changes where the interface does, and not with the order in which modules are read. */
function sorted<Member>(members: Readonly<Record<string, Member>>): Record<string, Member> {
  return Object.fromEntries(Object.entries(members).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Adds to each operation what the pipeline does for all of them: the bearer scheme, the roles, the problem answers; and examples. */
export function completeDocument(document: OpenAPIObject): OpenAPIObject {
  const { components = {} } = document;
  const schemas = { ...components.schemas, Problem: PROBLEM_SCHEMA };
  for (const path of Object.values(document.paths)) {
    for (const method of METHODS) {
      const operation = path[method];
      if (operation === undefined) continue;
      completeOperation(operation, method);
      addExamples(operation, schemas);
    }
  }
  const info = { ...document.info, license: { name: 'MIT', url: 'https://opensource.org/license/mit' } };
  const tags = Object.entries(TAGS).map(([name, description]) => ({ name, description }));
  return {
    ...document,
    info,
    tags,
    paths: sorted(document.paths),
    components: { ...components, schemas: sorted(schemasWithExamples(schemas)), responses: failureAnswers() },
  };
}
