import type { Oas3Rule, UserContext } from '@redocly/openapi-core';

interface Media {
  readonly example?: unknown;
  readonly examples?: unknown;
}
interface Answer {
  readonly $ref?: string;
  readonly content?: Readonly<Record<string, Media>>;
}
interface Operation {
  readonly operationId?: string;
  readonly tags?: readonly string[];
  readonly security?: readonly Readonly<Record<string, unknown>>[];
  readonly 'x-public'?: boolean;
  readonly 'x-roles'?: readonly string[];
  readonly 'x-roles-across-tenants'?: readonly string[];
  readonly requestBody?: Answer;
  readonly responses: Readonly<Record<string, Answer>>;
}
interface Member {
  readonly $ref?: string;
  readonly type?: string;
  readonly example?: unknown;
  readonly enum?: unknown;
  readonly properties?: unknown;
  readonly allOf?: unknown;
  readonly items?: Member;
}

/** What any call can be refused with, whatever it does. */
export const REFUSALS = ['400', '404', '409', '413', '414', '415', '422', '502', '503'];
/** And what one can that needs an access token. */
export const ACCESS_REFUSALS = ['401', '403', '429'];
const ROLES = ['seller', 'operator', 'support'];
/** A verb and what it is about, as a function of a client is called. */
const CLIENT_NAME = /^[a-z]+(?:[A-Z][a-z]*)+$/;

type Complaint = (operation: Operation) => string | null;

/** A rule about every call; what it complains of is said with the call's method, path and operation id. */
function ofEveryCall(complaint: Complaint): Oas3Rule {
  return () => ({
    Operation: (operation: unknown, context: UserContext) => {
      const said = complaint(operation as Operation);
      const { operationId = 'without operationId' } = operation as Operation;
      if (said !== null) context.report({ message: `${nameOf(context)} (${operationId}): ${said}` });
    },
  });
}

function nameOf({ key, location }: UserContext): string {
  const path = location.pointer.split('/').at(-2)?.replaceAll('~1', '/') ?? '';
  return `${String(key).toUpperCase()} ${path}`;
}

const isUnshown = ({ example, examples }: Media): boolean => (example ?? examples ?? null) === null || JSON.stringify(example) === '{}';
const unshown = (answer: Answer | undefined): string[] => Object.entries(answer?.content ?? {}).flatMap(([type, media]) => (isUnshown(media) ? [type] : []));

function exampleComplaint({ requestBody, responses }: Operation): string | null {
  const good = Object.entries(responses).filter(([status]) => status < '300');
  const missing = [
    ...unshown(requestBody).map((type) => `its body (${type})`),
    ...good.flatMap(([status, answer]) => unshown(answer).map((type) => `its ${status} (${type})`)),
  ];
  if (missing.length === 0) return null;
  return `no example of ${missing.join(' and ')}. Give each member of its DTO an \`example\`, or its name one in src/platform/http/docs/usual-examples.ts.`;
}

function accessComplaint(operation: Operation): string | null {
  if (operation['x-public'] === true) return null;
  if (!operation.security?.some((scheme) => 'bearer' in scheme)) return 'no security: the bearer scheme is on every call that is not @Public().';
  const named = [operation['x-roles'] ?? [], operation['x-roles-across-tenants'] ?? []];
  const isNamed = (roles: readonly string[]): boolean => roles.length > 0 && roles.every((role) => ROLES.includes(role));
  return named.every(isNamed) ? null : 'no roles: x-roles and x-roles-across-tenants say who may call it.';
}

function refusalComplaint(operation: Operation): string | null {
  const needed = operation['x-public'] === true ? REFUSALS : [...REFUSALS, ...ACCESS_REFUSALS];
  const missing = needed.filter((status) => !(status in operation.responses));
  return missing.length === 0 ? null : `refusals that nothing documents: ${missing.join(', ')}.`;
}

const isLeaf = ({ $ref, properties, allOf, items, type }: Member): boolean =>
  $ref === undefined && properties === undefined && allOf === undefined && !(type === 'array' && items !== undefined && !isLeaf(items));

const memberExample: Oas3Rule = () => ({
  NamedSchemas: {
    Schema: (schema: unknown, context: UserContext) => {
      const { properties } = schema as { properties?: Readonly<Record<string, Member>> };
      for (const [name, member] of Object.entries(properties ?? {})) {
        if (!isLeaf(member) || (member.example ?? member.items?.example) !== undefined || member.example === null) continue;
        const said = `${String(context.key)}.${name} has no example. Give it one in its DTO, or its name one in src/platform/http/docs/usual-examples.ts.`;
        context.report({ message: said, location: context.location.child(['properties', name]) });
      }
    },
  },
});

/** The service's own rules, each with what it asks of every call. */
export const documentRules: Readonly<Record<string, Oas3Rule>> = {
  'operation-name': ofEveryCall(({ operationId = '' }) =>
    CLIENT_NAME.test(operationId) ? null : 'its operationId is no name for a client. Say @ApiOperation({ operationId: "listOrders", summary: "..." }).',
  ),
  'operation-tagged': ofEveryCall(({ tags = [] }) => (tags.length === 1 ? null : 'no tag, or several. Say @ApiTags(...) on its controller.')),
  'operation-access': ofEveryCall(accessComplaint),
  'operation-refusals': ofEveryCall(refusalComplaint),
  'operation-example': ofEveryCall(exampleComplaint),
  'member-example': memberExample,
};
