import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { OpenApi } from '../../../src/platform/http/docs/open-api.js';

export const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;
export type Method = Uppercase<(typeof METHODS)[number]>;

/** A schema of the document, as far as these tests read it. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly nullable?: boolean;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly allOf?: readonly Schema[];
  readonly additionalProperties?: boolean | Schema;
  readonly example?: unknown;
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: Schema;
  readonly example?: unknown;
}

interface Content {
  readonly $ref?: string;
  readonly description?: string;
  readonly content?: Readonly<Record<string, { readonly schema?: Schema; readonly example?: unknown }>>;
}

/** One method of one path of the document. */
export interface Operation {
  /** Such as `GET /api/v1/tokens/{token_id}`. */
  readonly name: string;
  readonly method: Method;
  readonly path: string;
  readonly parameters: readonly Parameter[];
  /** null: it takes no body. */
  readonly body: Schema | null;
  readonly bodyExample: unknown;
  /** Who may call it in the own tenant. */
  readonly roles: readonly string[];
  /** Who may call it in another tenant. */
  readonly rolesAcrossTenants: readonly string[];
  /** What a machine key needs; null: no key may make the call. */
  readonly keyScopes: readonly string[] | null;
  readonly responses: Readonly<Record<string, Content>>;
}

interface DocumentOperation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: Content;
  readonly responses: Readonly<Record<string, Content>>;
  readonly 'x-roles'?: readonly string[];
  readonly 'x-roles-across-tenants'?: readonly string[];
  readonly 'x-key-scopes'?: readonly string[];
}

export interface InterfaceDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>>; readonly responses: Readonly<Record<string, Content>> };
}

/** The document as clients get it. */
export function documentOf(app: NestFastifyApplication): InterfaceDocument {
  return JSON.parse(JSON.stringify(app.get(OpenApi).document())) as InterfaceDocument;
}

export function operationsOf(document: InterfaceDocument): Operation[] {
  return Object.entries(document.paths).flatMap(([path, operations]) =>
    METHODS.flatMap((method) => {
      const operation = operations[method];
      return operation ? [operationOf(path, method, { ...operation, responses: followed(document, operation) })] : [];
    }),
  );
}

/** The answers of a call, those it shares with others too. */
function followed(document: InterfaceDocument, { responses }: DocumentOperation): Readonly<Record<string, Content>> {
  const follow = (answer: Content): Content => document.components.responses[answer.$ref?.split('/').at(-1) ?? ''] ?? answer;
  return Object.fromEntries(Object.entries(responses).map(([status, answer]) => [status, follow(answer)]));
}

function operationOf(path: string, lower: (typeof METHODS)[number], operation: DocumentOperation): Operation {
  const method = lower.toUpperCase() as Method;
  const { schema: body = null, example: bodyExample } = operation.requestBody?.content?.['application/json'] ?? {};
  const { parameters = [], responses, 'x-roles': roles = [], 'x-roles-across-tenants': rolesAcrossTenants = [], 'x-key-scopes': keyScopes = null } = operation;
  return { name: `${method} ${path}`, method, path, parameters, body, bodyExample, roles, rolesAcrossTenants, keyScopes, responses };
}

/** A schema with its reference followed. */
export function resolved(document: InterfaceDocument, schema: Schema): Schema {
  const name = schema.$ref?.split('/').at(-1);
  return name === undefined ? schema : (document.components.schemas[name] ?? {});
}
