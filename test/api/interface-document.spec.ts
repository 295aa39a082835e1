import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { fill } from '../support/interface/fillers.js';
import { documentOf, type InterfaceDocument, type Operation, operationsOf } from '../support/interface/operations.js';
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
      roles: [],
      rolesAcrossTenants: [],
      keyScopes: null,
      responses: {},
    };
    expect(() => fill(operation, document, {})).toThrow(/GET .*: nothing fills "unheard_id"\. Make one in .*stage\.ts.* name it in BY_NAME .*fillers\.ts/);
  });
});
