import type { OpenAPIObject } from '@nestjs/swagger';
import { composeExample, type Composition, type ExampleSchema, leafExample, type Schemas } from './compose-example.js';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
type SchemaObject = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>[string];
interface Media {
  schema?: ExampleSchema;
  example?: unknown;
  examples?: unknown;
}
interface ExampleParameter {
  readonly name: string;
  readonly schema?: ExampleSchema;
  example?: unknown;
}

/** Schemas whose members say what they look like: by their own example, else by what is usual for their name or format. */
export function schemasWithExamples(schemas: Readonly<Record<string, SchemaObject>>): Record<string, SchemaObject> {
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, withMembers(schema as ExampleSchema) as SchemaObject]));
}

function withMembers(schema: ExampleSchema): ExampleSchema {
  if (!schema.properties) return schema;
  const properties = Object.entries(schema.properties).map(([name, member]) => [name, withExample(name, member)]);
  return { ...schema, properties: Object.fromEntries(properties) as Record<string, ExampleSchema> };
}

function withExample(name: string, schema: ExampleSchema): ExampleSchema {
  if (schema.example !== undefined) return schema;
  if (schema.type === 'array' && schema.items) return { ...schema, items: withExample(name, schema.items) };
  if (schema.properties) return withMembers(schema);
  const example = isLeaf(schema) ? leafExample(name, schema) : undefined;
  return example === undefined ? schema : { ...schema, example };
}

const isLeaf = ({ $ref, allOf, oneOf }: ExampleSchema): boolean => ($ref ?? allOf ?? oneOf) === undefined;

/** Shows on a call what its parameters, its body and its answers look like; a controller's own example stays. */
export function addExamples(operation: Operation, schemas: Schemas): void {
  for (const parameter of (operation.parameters ?? []) as ExampleParameter[]) {
    parameter.example ??= composeExample(parameter.schema ?? {}, { schemas, isBody: false }, parameter.name);
  }
  for (const media of mediaOf(operation.requestBody)) addExample(media, { schemas, isBody: true });
  for (const media of Object.values(operation.responses).flatMap(mediaOf)) addExample(media, { schemas, isBody: false });
}

function mediaOf(body: unknown): Media[] {
  return Object.values((body as { content?: Record<string, Media> } | undefined)?.content ?? {});
}

function addExample(media: Media, composition: Composition): void {
  if (media.example !== undefined || media.examples !== undefined || media.schema === undefined) return;
  const example = composeExample(media.schema, composition);
  if (example !== undefined) media.example = example;
}
