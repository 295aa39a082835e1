import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { fill } from '../support/interface/fillers.js';
import { documentOf, type InterfaceDocument, type Operation, operationsOf } from '../support/interface/operations.js';
import { bearer, tokenOf } from '../support/access-tokens.js';
import { Service } from '../support/service.js';
import { type TokenWorld, tokenWorld } from '../support/token-app.js';

/** What the pipeline can answer on any route, whatever the route itself does. */
const FAILURES = ['400', '401', '403', '404', '409', '413', '414', '415', '422', '429', '502', '503'];
const PROBLEM = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };

let world: TokenWorld;
let service: Service;
let document: InterfaceDocument;
let operations: readonly Operation[];
const warnings: string[] = [];

beforeAll(async () => {
  jest.spyOn(Logger, 'warn').mockImplementation((message: unknown) => void warnings.push(String(message)));
  world = await tokenWorld({ orders: 0 });
  service = await Service.start(world);
  document = documentOf(service.app);
  operations = operationsOf(document);
});
afterAll(async () => {
  await service.stop();
  await world.release();
});

describe('the document', () => {
  it('gives no two bodies or answers one name: the second would be described as the first', () => {
    expect(warnings.filter((message) => message.includes('Duplicate DTO'))).toEqual([]);
  });

  it('describes for every call what it answers when all is well', () => {
    const undescribed = operations.filter(({ responses }) => {
      const [status, good] = Object.entries(responses).find(([name]) => name.startsWith('2')) ?? [];
      const hasSchema = Object.values(good?.content ?? {}).some(({ schema }) => schema !== undefined);
      // Streams and files are no JSON: words say what they are.
      return !hasSchema && (good?.description ?? '') === '' && status !== '204';
    });
    expect(undescribed.map(({ name }) => name)).toEqual([]);
  });

  it('names for every call the failures that any call can have, and their one shape', () => {
    for (const { name, responses } of operations) {
      expect({ name, missing: FAILURES.filter((status) => !(status in responses)) }).toEqual({ name, missing: [] });
      const failures = Object.entries(responses).filter(([status]) => status >= '400');
      for (const [status, { content }] of failures) expect({ name, status, content }).toMatchObject({ name, status, content: PROBLEM });
    }
  });

  it('refers to nothing it does not hold, and holds nothing it does not refer to', () => {
    const named = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name);
    expect([...new Set(named)].sort()).toEqual(Object.keys(document.components.schemas).sort());
  });
});

describe('the examples', () => {
  /** An example is a request one may send as it stands: what it names is not there, and nothing else is wrong with it. */
  async function said({ method, path, parameters, bodyExample }: Operation): Promise<string | null> {
    const shown = (where: string) => parameters.filter(({ in: place, required }) => place === where && required === true);
    const address = shown('path').reduce((text, { name, example }) => text.replace(`{${name}}`, encodeURIComponent(String(example))), path);
    const query = new URLSearchParams(Object.fromEntries(shown('query').map(({ name, example }) => [name, String(example)]))).toString();
    const headers = { ...bearer(tokenOf('tenant-of-examples', { roles: ['seller', 'operator', 'support'] })), 'content-type': 'application/json' };
    const payload = bodyExample === undefined ? {} : { payload: JSON.stringify(bodyExample) };
    const answer = await service.app.inject({ method, url: `${address}?${query}`, headers, ...payload });
    const { code = '' } = answer.statusCode < 400 ? {} : answer.json<{ code?: string }>();
    return ['VALIDATION_FAILED', 'BAD_REQUEST', 'BODY_NOT_JSON'].includes(code) ? `${method} ${path}: ${answer.body}` : null;
  }

  it('of bodies and required parameters are taken as they stand', async () => {
    const asked = operations.filter(({ name }) => name !== 'GET /api/v1/changes/stream');
    expect(asked.filter(({ bodyExample }) => bodyExample !== undefined).length).toBeGreaterThan(20);
    const wrong: (string | null)[] = [];
    for (const operation of asked) wrong.push(await said(operation));
    expect(wrong.filter((line) => line !== null)).toEqual([]);
  });
});

describe('a route that is new', () => {
  it('has to be filled before the build passes, and the failure says where', () => {
    const parameters = [{ name: 'unheard_id', in: 'path' as const, required: true, schema: { type: 'string' } }];
    const path = '/api/v1/unheard/{unheard_id}';
    const operation: Operation = {
      name: `GET ${path}`,
      method: 'GET',
      path,
      parameters,
      body: null,
      bodyExample: undefined,
      roles: [],
      rolesAcrossTenants: [],
      keyScopes: null,
      responses: {},
    };
    expect(() => fill(operation, document, {})).toThrow(/GET .*: nothing fills "unheard_id"\. Make one in .*stage\.ts.* name it in BY_NAME .*fillers\.ts/);
  });
});
