import fc from 'fast-check';
import { addressOf, fill } from './fillers.js';
import { type InterfaceDocument, type Operation, type Parameter, resolved, type Schema } from './operations.js';
import type { Subjects } from './stage.js';

/** A request as it goes over the wire, with what was done to it. */
export interface GeneratedRequest {
  readonly operation: Operation;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What the body says; undefined: no body. */
  readonly body: unknown;
}

/** Texts that broke parsers, databases and paths before. */
const ODD_TEXTS = [
  '', ' ', '0', '-1', '1e400', 'NaN', 'null', 'undefined', '[object Object]', '../..', '%', '%2e%2e', "';--", '🛒', 'Ł'.repeat(210), 'x'.repeat(2_000), '\u202e', '\u0000',
  '9'.repeat(30), '2026-02-30T00:00:00Z', '9999-12-31T23:59:59Z', '0000-01-01T00:00:00Z', '2026-03-01', '00000000-0000-4000-8000-000000000000', 'True', '*', 'a,b', '\ud800',
]; // prettier-ignore
const ODD_VALUES: readonly unknown[] = [null, true, 0, -1, 1.5, 2_147_483_648, 1e21, [], {}, [null], { a: 1 }, ['x'], ...ODD_TEXTS];

const oddText = fc.oneof(fc.constantFrom(...ODD_TEXTS), fc.string({ unit: 'grapheme', maxLength: 40 }), fc.string({ maxLength: 12 }));
const oddValue = fc.oneof(fc.constantFrom(...ODD_VALUES), fc.jsonValue({ maxDepth: 2 }));

/** An empty part of an address, or dots alone, would name another route. */
const oddPart = oddText.filter((text) => !/^\.*$/.test(text.trim()));

/** An answer that never ends is asked for with a cursor that is none. */
const ENDLESS = 'GET /api/v1/changes/stream';
/** Waiting is tested where it belongs. */
const AT_ONCE: Readonly<Record<string, string>> = { wait: '0' };

/** What a client that goes on sends: `*` is the tag of whatever is there. */
const USUAL_HEADERS: Readonly<Record<string, readonly string[]>> = {
  'if-none-match': ['*', 'W/"known", *', '"unknown"'],
  'if-match': ['*', '"stale"'],
  range: ['bytes=0-9', 'bytes=5-', 'bytes=-5', 'bytes=99999999-', 'bytes=9-5'],
};

const encoded = (text: string): string => encodeURIComponent(text.toWellFormed());

/** Requests of one operation, most of them nearly right. */
export class GeneratedRequests {
  constructor(
    private readonly document: InterfaceDocument,
    private readonly subjects: Subjects,
  ) {}

  of(operation: Operation): fc.Arbitrary<GeneratedRequest> {
    const filled = fill(operation, this.document, this.subjects);
    const path = fc.record(Object.fromEntries(Object.entries(filled.path).map(([name, text]) => [name, mostly(fc.constant(text), oddPart)])));
    const query = fc.record(Object.fromEntries(queryOf(operation).map((parameter) => [parameter.name, this.parameter(parameter, filled.query)])));
    return fc
      .record({ path, query, headers: headersOf(operation), body: this.body(operation, filled.body) })
      .map((request) => ({ operation, url: urlOf(operation, request), headers: request.headers, body: request.body }));
  }

  /** undefined: it is left out. */
  private parameter({ name, schema, required }: Parameter, filled: Readonly<Record<string, string>>): fc.Arbitrary<string | undefined> {
    const fixed = AT_ONCE[name];
    if (fixed !== undefined) return fc.constant(fixed);
    if (name === 'user_id') return fc.oneof({ weight: 18, arbitrary: fc.constant(undefined) }, fc.constant('another'), oddText);
    const given = filled[name];
    const valid = given === undefined ? this.valid(schema).map(queryText) : fc.constant(given);
    return required === true ? mostly(valid, oddText) : fc.oneof({ weight: 6, arbitrary: fc.constant(undefined) }, { weight: 3, arbitrary: valid }, oddText);
  }

  private body(operation: Operation, filled: Readonly<Record<string, unknown>> | null): fc.Arbitrary<unknown> {
    // The body of a GET is not read.
    if (operation.method === 'GET') return fc.constantFrom(undefined, undefined, {});
    if (operation.body === null || filled === null)
      return fc.oneof({ weight: 4, arbitrary: fc.constantFrom(undefined, undefined, {}) }, { weight: 1, arbitrary: oddValue });
    const { properties = {} } = resolved(this.document, operation.body);
    const optional = Object.entries(properties).filter(([name]) => !(name in filled));
    const more = fc.record(Object.fromEntries(optional.map(([name, schema]) => [name, this.valid(schema)])), { requiredKeys: [] });
    const valid = more.map((members) => ({ ...members, ...filled }));
    return fc.oneof({ weight: 3, arbitrary: valid }, { weight: 5, arbitrary: broken(valid, Object.keys(properties)) }, { weight: 1, arbitrary: oddValue });
  }

  private valid(given: Schema): fc.Arbitrary<unknown> {
    const schema = resolved(this.document, given);
    if (schema.enum) return fc.constantFrom(...schema.enum);
    if (schema.type === 'array') {
      return fc.array(this.valid(schema.items ?? {}), { minLength: schema.minItems ?? 0, maxLength: Math.min(schema.maxItems ?? 3, 3) });
    }
    if (schema.type === 'object') return this.object(schema);
    return scalar(schema);
  }

  private object({ properties = {}, required = [] }: Schema): fc.Arbitrary<unknown> {
    return fc.record(Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, this.valid(schema)])), { requiredKeys: [...required] });
  }
}

function scalar(schema: Schema): fc.Arbitrary<unknown> {
  if (schema.type === 'boolean') return fc.boolean();
  if (schema.type !== 'integer' && schema.type !== 'number') return text(schema);
  return fc.integer({ min: schema.minimum ?? -5, max: Math.min(schema.maximum ?? 1_000, 2_147_483_647) });
}

function text(schema: Schema): fc.Arbitrary<unknown> {
  const instants = ['2026-03-01T12:00:00Z', '2026-03-01T12:00:00', '2026-03-01T13:00:00+01:00', '2025-01-01T00:00:00.123Z'];
  const ofFormat: Readonly<Record<string, fc.Arbitrary<string>>> = {
    'date-time': fc.constantFrom(...instants),
    uuid: fc.uuid(),
    uri: fc.constantFrom('https://hooks.example.com/a', 'https://hooks.example.com/b?c=d'),
  };
  const { minLength = 1, maxLength = 20 } = schema;
  return ofFormat[schema.format ?? ''] ?? fc.string({ minLength, maxLength: Math.min(maxLength, minLength + 20) });
}

/** One member taken away, added or replaced. */
function broken(valid: fc.Arbitrary<Record<string, unknown>>, names: readonly string[]): fc.Arbitrary<unknown> {
  const name = names.length === 0 ? fc.constant('unknown') : fc.constantFrom(...names);
  return fc.tuple(valid, name, fc.constantFrom('drop', 'add', 'replace', 'replace'), oddValue).map(([body, member, change, value]) => {
    const { [member]: _, ...rest } = body;
    if (change === 'drop') return rest;
    return change === 'add' ? { ...body, unheard_of: value } : { ...rest, [member]: value };
  });
}

function queryOf({ parameters }: Operation): Parameter[] {
  return parameters.filter((parameter) => parameter.in === 'query');
}

function queryText(value: unknown): string {
  return typeof value === 'boolean' ? (value ? 'True' : 'False') : String(value);
}

function headersOf(operation: Operation): fc.Arbitrary<Record<string, string>> {
  const named = operation.parameters.filter((parameter) => parameter.in === 'header').map(({ name }) => name.toLowerCase());
  const ascii = fc.string({ unit: fc.constantFrom(...'abcXYZ019-_"/*,; '), maxLength: 20 });
  const headers = fc.record(Object.fromEntries(named.map((name) => [name, fc.oneof(fc.constantFrom(...(USUAL_HEADERS[name] ?? [''])), ascii)])), {
    requiredKeys: [],
  });
  const type = mostly(fc.constant('application/json'), fc.constantFrom('text/plain', 'application/json; charset=latin1', 'application/xml'));
  return fc.tuple(headers, type).map(([own, contentType]) => ({
    ...own,
    ...(operation.name === ENDLESS ? { 'last-event-id': 'no cursor' } : {}),
    'content-type': contentType,
  }));
}

function urlOf(operation: Operation, request: { path: Record<string, string>; query: Record<string, string | undefined> }): string {
  const search = Object.entries(request.query).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${encoded(value)}`]));
  const path = Object.fromEntries(Object.entries(request.path).map(([name, value]) => [name, value.toWellFormed()]));
  const address = addressOf(operation, { path, query: {}, body: null });
  return search.length === 0 ? address : `${address}?${search.join('&')}`;
}

function mostly<T>(usual: fc.Arbitrary<T>, odd: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc.oneof({ weight: 9, arbitrary: usual }, { weight: 1, arbitrary: odd });
}
