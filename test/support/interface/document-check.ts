import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { type InterfaceDocument, type Operation, resolved, type Schema } from './operations.js';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** Compares what was sent and answered with what the document says. */
export class DocumentCheck {
  private readonly requests = new Ajv({ strict: false, allErrors: true });
  private readonly answers = new Ajv({ strict: false, allErrors: true });
  private readonly compiled = new Map<string, ValidateFunction>();

  constructor(private readonly document: InterfaceDocument) {
    for (const ajv of [this.requests, this.answers]) {
      (addFormats as unknown as (instance: Ajv) => void)(ajv);
      ajv.addFormat('uuid', UUID);
    }
    // The contract: an instant may lack its offset, then it is UTC.
    this.requests.addFormat('date-time', (text: string) => !Number.isNaN(Date.parse(text)));
    for (const [name, schema] of Object.entries(document.components.schemas)) {
      const id = `#/components/schemas/${name}`;
      this.requests.addSchema(strict(schema) as object, id);
      this.answers.addSchema(nullable(schema) as object, id);
    }
  }

  /** False: the document says that such a body is wrong. */
  allows(operation: Operation, body: unknown): boolean {
    if (operation.body === null) return body === null || body === undefined || JSON.stringify(body) === '{}';
    return this.validator(`request ${operation.name}`, this.requests, strict(resolved(this.document, operation.body)))(body ?? {});
  }

  /** What of an answer the document does not say; null: all of it is as documented. */
  contradiction(operation: Operation, answer: Answer): string | null {
    const response = operation.responses[String(answer.status)];
    if (!response) return `status ${String(answer.status)} is not documented`;
    const contents = Object.entries(response.content ?? {});
    if (contents.length === 0) return answer.body === '' ? null : 'a body nobody documented';
    const [, content] = contents.find(([mediaType]) => answer.type.startsWith(mediaType)) ?? [];
    if (!content) return `the body is ${answer.type}, not ${contents.map(([mediaType]) => mediaType).join(' or ')}`;
    return content.schema ? this.contentOf(operation, answer, content.schema) : null;
  }

  private contentOf(operation: Operation, { status, type, body }: Answer, schema: Schema): string | null {
    if (!type.includes('json') || type.includes('ndjson')) return null; // text: its media type says all
    const validate = this.validator(`answer ${operation.name} ${String(status)}`, this.answers, nullable(schema));
    return validate(JSON.parse(body)) ? null : this.answers.errorsText(validate.errors);
  }

  private validator(name: string, ajv: Ajv, schema: unknown): ValidateFunction {
    const known = this.compiled.get(name) ?? ajv.compile(schema as object);
    this.compiled.set(name, known);
    return known;
  }
}

/** OpenAPI 3.0 says "or null" by a word of its own. */
function nullable(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(nullable);
  if (typeof schema !== 'object' || schema === null) return schema;
  const { nullable: orNull, ...rest } = Object.fromEntries(Object.entries(schema).map(([name, member]) => [name, nullable(member)]));
  if (orNull !== true) return rest;
  return Object.keys(rest).some((name) => ['type', '$ref', 'allOf', 'enum'].includes(name)) ? { anyOf: [{ type: 'null' }, rest] } : {};
}

/** As the service promises of bodies: a field nobody documented is refused. */
function strict(schema: Schema): unknown {
  const read = nullable(schema) as Schema;
  return read.properties ? { ...read, additionalProperties: false } : read;
}
