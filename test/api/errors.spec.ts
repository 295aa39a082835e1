import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { PROBLEMS } from '../../src/core/problem-catalogue.js';

const ROOT = join(import.meta.dirname, '../..');

const listed = Object.entries(PROBLEMS)
  .map(([code, { status }]) => `${code} ${String(status)}`)
  .sort();

describe('the page of errors', () => {
  it('lists every code of the catalogue with its status, and none that is gone', () => {
    const page = readFileSync(join(ROOT, 'docs/errors.md'), 'utf8');
    const rows = [...page.matchAll(/^\| `([A-Z0-9_]+)` \| (\d{3}) \| \S.*\|$/gm)].map(([, code = '', status = '']) => `${code} ${status}`);
    expect(rows.sort()).toEqual(listed);
  });

  it('speaks of no code that nothing can fail with', () => {
    const sources = globSync('src/**/*.ts', { cwd: ROOT }).filter((file) => !file.endsWith('.spec.ts') && !file.endsWith('problem-catalogue.ts'));
    const used = new Set(sources.flatMap((file) => readFileSync(join(ROOT, file), 'utf8').match(/\b[A-Z][A-Z0-9_]+\b/g) ?? []));
    expect(Object.keys(PROBLEMS).filter((code) => !used.has(code))).toEqual([]);
  });
});
