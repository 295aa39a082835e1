import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';

type Schema = Record<string, unknown>;

const FILE = fileURLToPath(new URL('../../../shared/allegro/orders-openapi.yaml', import.meta.url));

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Real answers carry null where the document promises a type: every property may be null, nothing else is forgiven. */
function nullable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(nullable);
  if (!isSchema(value)) return value;
  const schema: Schema = Object.fromEntries(Object.entries(value).map(([key, each]) => [key, nullable(each)]));
  const properties = schema['properties'];
  if (isSchema(properties)) {
    const eased = Object.entries(properties).map(([name, each]) => [name, { anyOf: [each, { type: 'null' }] }]);
    schema['properties'] = Object.fromEntries(eased);
  }
  delete schema['nullable'];
  delete schema['discriminator'];
  return schema;
}

/** Allegro's published document as validators by schema name; null where the document is not at hand. */
export function allegroSchemas(): ((name: string) => ValidateFunction) | null {
  if (!existsSync(FILE)) return null;
  const document = parse(readFileSync(FILE, 'utf8')) as Schema;
  const ajv = new Ajv({ strict: false, allErrors: true });
  (addFormats as unknown as (instance: Ajv) => void)(ajv);
  for (const format of ['ISO 4217', 'integer', 'int32', 'BCP-47 language code']) ajv.addFormat(format, true);
  ajv.addSchema({ $id: 'allegro', ...(nullable({ components: document['components'] }) as Schema) });
  return (name) => {
    const validate = ajv.getSchema(`allegro#/components/schemas/${name}`);
    if (!validate) throw new Error(`no schema ${name}`);
    return validate;
  };
}
