import { FORMAT_EXAMPLES, USUAL_EXAMPLES } from './usual-examples.js';

/** A schema of the document, as far as an example needs it. */
export interface ExampleSchema {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly nullable?: boolean;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly example?: unknown;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, ExampleSchema>>;
  readonly items?: ExampleSchema;
  readonly allOf?: readonly ExampleSchema[];
  readonly oneOf?: readonly ExampleSchema[];
  readonly additionalProperties?: boolean | ExampleSchema;
}

export type Schemas = Readonly<Record<string, ExampleSchema>>;

/** A count without a meaning of its own; small enough for every limit. */
const USUAL_COUNT = 3;

/** What a value without members looks like; undefined: nobody has said. */
export function leafExample(name: string, schema: ExampleSchema): unknown {
  if (schema.example !== undefined) return schema.example;
  if (schema.enum !== undefined) return schema.default ?? schema.enum[0];
  if (schema.type === 'boolean') return schema.default ?? true;
  if (schema.type === 'number' || schema.type === 'integer') return countExample(name, schema);
  const usual = USUAL_EXAMPLES[name];
  const byFormat = FORMAT_EXAMPLES[schema.format ?? ''];
  if (schema.type !== 'string') return undefined;
  return typeof usual === 'string' && !(schema.format ?? '').startsWith('date') ? usual : byFormat;
}

function countExample(name: string, { default: usually, minimum = 0, maximum = Infinity }: ExampleSchema): unknown {
  const usual = usually ?? USUAL_EXAMPLES[name];
  return Math.min(Math.max(typeof usual === 'number' ? usual : USUAL_COUNT, minimum), maximum);
}

/** What is composed: an answer with every member, or a body as one would send it. */
export interface Composition {
  readonly schemas: Schemas;
  /** A body shows what it must have, and of the rest what its DTO gives an example of. */
  readonly isBody: boolean;
}

/** A value of the schema, put together of the examples of its members; undefined where one of them has none. */
export function composeExample(schema: ExampleSchema, composition: Composition, name = ''): unknown {
  if (schema.example !== undefined) return schema.example;
  const named = schema.$ref?.split('/').at(-1);
  if (named !== undefined) return composeExample(composition.schemas[named] ?? {}, composition, name);
  const [one] = schema.allOf ?? schema.oneOf ?? [];
  if (one) return composeExample(one, composition, name);
  if (schema.type === 'array') return listExample(schema, composition, name);
  if (schema.properties) return membersExample(schema, composition);
  return typeof schema.additionalProperties === 'object' ? undefined : leafExample(name, schema);
}

function listExample({ items = {} }: ExampleSchema, composition: Composition, name: string): unknown {
  const one = composeExample(items, composition, name);
  return one === undefined ? undefined : [one];
}

function membersExample({ properties = {}, required = [] }: ExampleSchema, composition: Composition): unknown {
  const shown = Object.entries(properties).filter(([name, { example }]) => !composition.isBody || required.includes(name) || example !== undefined);
  const members = shown.map(([name, schema]) => [name, composeExample(schema, composition, name)] as const);
  return members.some(([, value]) => value === undefined) ? undefined : Object.fromEntries(members);
}
