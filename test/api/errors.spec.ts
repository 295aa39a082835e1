import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { LINK_FAILURES } from '../../src/auth/auth.errors.js';

const ROOT = join(import.meta.dirname, '../..');
/** `new Problem('CODE', { status: 404 ...` and `{ code: 'CODE', status: 503 ...`: the two ways a code is given its status. */
const USES = [/(?:Problem|super)\(\s*'([A-Z][A-Z0-9_]+)',\s*\{\s*status: (\d{3})/g, /code: '([A-Z][A-Z0-9_]+)', status: (\d{3})/g];
/** A code on its own, its status given elsewhere. */
const LITERALS = /(?:(?:new Problem|super)\(\s*|\bcode: )'([A-Z][A-Z0-9_]+)'/g;

const sources = globSync('src/**/*.ts', { cwd: ROOT })
  .filter((file) => !file.endsWith('.spec.ts'))
  .map((file) => readFileSync(join(ROOT, file), 'utf8'));

function inCode(): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>(Object.keys(LINK_FAILURES).map((code) => [code, new Set(['409'])]));
  for (const source of sources) {
    for (const [, code = '', status = ''] of USES.flatMap((use) => [...source.matchAll(use)])) found.set(code, (found.get(code) ?? new Set()).add(status));
  }
  return found;
}

function onPage(): Map<string, string> {
  const page = readFileSync(join(ROOT, 'docs/errors.md'), 'utf8');
  return new Map([...page.matchAll(/^\| `([A-Z0-9_]+)` \| (\d{3}) \| \S.*\|$/gm)].map(([, code = '', status = '']) => [code, status]));
}

const literals = new Set(sources.flatMap((source) => [...source.matchAll(LITERALS)].map(([, code = '']) => code)));

describe('the page of errors', () => {
  it('lists every code of the service with its status, and none that is gone', () => {
    const code = [...inCode()].map(([name, statuses]) => `${name} ${[...statuses].join('/')}`).sort();
    const known = inCode();
    const page = [...onPage()].filter(([name]) => known.has(name) || !literals.has(name)).map(([name, status]) => `${name} ${status}`);
    expect(page.sort()).toEqual(code);
  });

  it('misses no code because it was written in another way', () => {
    expect([...literals].filter((code) => !onPage().has(code))).toEqual([]);
  });
});
