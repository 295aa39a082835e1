import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import ts from 'typescript';

const PAGES = ['docs/frontend-guide.md', 'docs/security.md', 'client/README.md'];
const SETTINGS: ts.CompilerOptions = {
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  target: ts.ScriptTarget.ES2024,
  lib: ['lib.es2024.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts', 'lib.dom.asynciterable.d.ts'],
  strict: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: true,
  noEmit: true,
  types: [],
  paths: { 'allegro-order-log-client': [resolve('client/src/index.ts')] },
};

let folder: string;

beforeAll(async () => {
  // Inside of the repository, so that the snippets are modules as ours are.
  await mkdir('node_modules/.cache', { recursive: true });
  folder = await mkdtemp(resolve('node_modules/.cache/snippets-'));
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const snippetsOf = (page: string): string[] => [...page.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code ?? '');

function complaints(files: readonly string[]): string[] {
  const program = ts.createProgram(files, SETTINGS);
  return files.flatMap((file) => {
    const source = program.getSourceFile(file);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(({ messageText }) => {
      return `${file.split('/').at(-1) ?? ''}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
    });
  });
}

describe('the guides', () => {
  it('hold no snippet that the client package does not allow', async () => {
    const files: string[] = [];
    for (const page of PAGES) {
      for (const [at, code] of snippetsOf(await readFile(page, 'utf8')).entries()) {
        const file = join(folder, `${page.replaceAll(/\W/g, '-')}-${String(at + 1)}.ts`);
        await writeFile(file, code);
        files.push(file);
      }
    }
    const wrong = join(folder, 'wrong.ts');
    await writeFile(
      wrong,
      "import { connect, listOrders } from 'allegro-order-log-client';\nawait listOrders({ client: connect({ baseUrl: '', token: '' }), query: {} });\n",
    );
    expect(files.length).toBeGreaterThan(5);
    const said = complaints([...files, wrong]);
    expect(said.filter((line) => !line.startsWith('wrong.ts'))).toEqual([]);
    expect(said.join('\n')).toContain("wrong.ts: Property 'token_id' is missing");
  });

  it('lead to pages that exist, and to parts of them', async () => {
    const broken: string[] = [];
    for (const page of PAGES) {
      for (const [, target = ''] of (await readFile(page, 'utf8')).matchAll(/\]\((?!https?:)([^)\s]+)\)/g)) {
        const [path = '', part] = target.split('#');
        const file = join(dirname(page), path);
        if (!existsSync(file) || (part !== undefined && !(await headingsOf(file)).includes(part))) broken.push(`${page}: ${target}`);
      }
    }
    expect(broken).toEqual([]);
  });
});

async function headingsOf(file: string): Promise<string[]> {
  const headings = [...(await readFile(file, 'utf8')).matchAll(/^#+ (.*)$/gm)].map(([, text]) => text ?? '');
  return headings.map((text) =>
    text
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  );
}
