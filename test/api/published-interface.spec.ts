import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { differences } from '../support/interface/differences.js';
import { lintDocument } from '../support/interface/lint-document.js';

type Document = Record<string, never>;
interface Call {
  operationId?: string;
  summary?: string;
  tags?: string[];
  security?: unknown;
  'x-roles'?: unknown;
  requestBody: { content: Record<string, { example?: unknown }> };
  responses: Record<string, { content?: Record<string, { example?: unknown }> }>;
}

const REWRITE = 'run `npm run interface` and commit what it writes';
const HOOKS = './test/support/typescript-hooks.mjs';

let folder: string;
let fresh: Document;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'interface-'));
  await promisify(execFile)(process.execPath, ['--import', HOOKS, 'scripts/write-interface.mjs', folder]);
  fresh = JSON.parse(await readFile(join(folder, 'openapi.json'), 'utf8')) as Document;
}, 180_000); // six seconds of work in two processes; it only ends one that hangs on a busy machine
afterAll(() => rm(folder, { recursive: true, force: true }));

async function filesOf(path: string): Promise<Map<string, string>> {
  const names = (await readdir(path, { recursive: true })).filter((name) => name.endsWith('.ts'));
  return new Map(await Promise.all(names.map(async (name) => [name, await readFile(join(path, name), 'utf8')] as const)));
}

describe('the interface document kept in docs/openapi.json', () => {
  it(`is what the code emits; else ${REWRITE}`, async () => {
    const kept = JSON.parse(await readFile('docs/openapi.json', 'utf8')) as Document;
    expect(differences(kept, fresh).slice(0, 20)).toEqual([]);
  });

  it('differs, by name, as soon as a member of a DTO does', () => {
    const changed = structuredClone(fresh) as unknown as { components: { schemas: Record<string, { properties: Record<string, object> }> } };
    changed.components.schemas['OrderListView']!.properties['next_cursor'] = { type: 'integer' };
    expect(differences(fresh, changed as never)).toEqual([
      '#/components/schemas/OrderListView/properties/next_cursor/type',
      '#/components/schemas/OrderListView/properties/next_cursor/nullable',
      '#/components/schemas/OrderListView/properties/next_cursor/description',
      '#/components/schemas/OrderListView/properties/next_cursor/example',
    ]);
  });
});

describe('the generated part of the client package', () => {
  it(`is what the generator makes of the document; else ${REWRITE}`, async () => {
    const [kept, made] = [await filesOf('client/src/generated'), await filesOf(join(folder, 'generated'))];
    const outdated = [...new Set([...kept.keys(), ...made.keys()])].filter((name) => kept.get(name) !== made.get(name));
    expect(outdated).toEqual([]);
  });
});

describe('the linter', () => {
  it('finds nothing wrong with the document', async () => {
    expect(await lintDocument(fresh)).toEqual([]);
  });

  const ADDRESS = '/api/v1/orders/{order_id}/invoice-status';
  /** One call is enough to be complained of. */
  const invoice = (breaking: (call: Call) => void) => () => {
    const { paths, ...document } = structuredClone(fresh) as unknown as { paths: Record<string, { patch: Call }> };
    breaking(paths[ADDRESS]!.patch);
    return { ...document, paths: { [ADDRESS]: paths[ADDRESS] } };
  };
  const cases: readonly (readonly [string, string, () => object])[] = [
    ['an example of its answer', 'service/operation-example', invoice(({ responses }) => delete responses['200']?.content?.['application/json']?.example)],
    ['an example of its body', 'service/operation-example', invoice(({ requestBody }) => delete requestBody.content['application/json']?.example)],
    ['security', 'service/operation-access', invoice((call) => delete call.security)],
    ['roles', 'service/operation-access', invoice((call) => delete call['x-roles'])],
    ['a name for clients', 'service/operation-name', invoice((call) => (call.operationId = 'FlagsController_setInvoice'))],
    ['a summary', 'operation-summary', invoice((call) => delete call.summary)],
    ['a tag', 'service/operation-tagged', invoice((call) => delete call.tags)],
    ['its refusals', 'service/operation-refusals', invoice(({ responses }) => delete responses['429'])],
  ];
  it.each(cases)('names a call without %s, and the rule %s', async (_, rule, broken) => {
    const problems = await lintDocument(broken());
    expect(problems.map((line) => line.split(':')[0])).toContain(rule);
    const named = rule.startsWith('service/') ? `${rule}: PATCH ${ADDRESS} (` : '~1invoice-status/patch';
    expect(problems.join('\n')).toContain(named);
  });

  it('names a member without an example, and an example that its schema does not allow', async () => {
    const schemas = structuredClone(fresh) as unknown as { components: { schemas: Record<string, { properties: Record<string, { example?: unknown }> }> } };
    const document = { ...schemas, paths: {} };
    delete document.components.schemas['PaginationView']!.properties['total']!.example;
    document.components.schemas['PaginationView']!.properties['limit']!.example = 'fifty';
    const problems = (await lintDocument(document)).join('\n');
    expect(problems).toContain('service/member-example: PaginationView.total has no example');
    expect(problems).toMatch(/no-invalid-schema-examples: .*#\/components\/schemas\/PaginationView\/properties\/limit/);
  });
});
