import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { withEnvFile } from './env-file.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'env-file-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('the file .env', () => {
  it('adds what is not set, and changes nothing that is', () => {
    const file = join(folder, '.env');
    writeFileSync(file, '# a comment\nDATABASE_URL=postgresql://file\nPORT=8080\nLOG_LEVEL="debug"\n#ROLE=api\n');
    expect(withEnvFile({ PORT: '3000', LOG_LEVEL: '' }, file)).toEqual({ DATABASE_URL: 'postgresql://file', PORT: '3000', LOG_LEVEL: '' });
  });

  it('need not be there', () => {
    expect(withEnvFile({ PORT: '3000' }, join(folder, 'none'))).toEqual({ PORT: '3000' });
  });
});
