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
  return schema.example ?? (schema.enum ? (schema.default ?? schema.enum[0]) : BY_TYPE[schema.type ?? '']?.(name, schema));
}

const BY_TYPE: Readonly<Record<string, (name: string, schema: ExampleSchema) => unknown>> = {
  boolean: (_, schema) => schema.default ?? true,
  number: countExample,
  integer: countExample,
  string: textExample,
};

/** An instant looks like one, whatever its name. */
function textExample(name: string, { format = '' }: ExampleSchema): unknown {
  const usual = USUAL_EXAMPLES[name];
  return typeof usual === 'string' && !format.startsWith('date') ? usual : FORMAT_EXAMPLES[format];
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
  const one = namedBy(schema, composition);
  if (one) return composeExample(one, composition, name);
  if (schema.type === 'array') return listExample(schema, composition, name);
  return schema.properties ? membersExample(schema, composition) : leafExample(name, schema);
}

/** The schema that another one names, or the first of those it is made of. */
function namedBy({ $ref, allOf, oneOf }: ExampleSchema, { schemas }: Composition): ExampleSchema | undefined {
  return $ref === undefined ? (allOf ?? oneOf)?.[0] : schemas[$ref.split('/').at(-1) ?? ''];
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
