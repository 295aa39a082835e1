// Run by `npm run interface`, or from the sources alone: node --import ./test/support/typescript-hooks.mjs scripts/write-interface.mjs [FOLDER]
// Without FOLDER it writes docs/openapi.json and client/src/generated; with it openapi.json and generated of that folder.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { generateClient } from './generate-client.mjs';

const ROOT = join(import.meta.dirname, '..');
const KEPT = join(ROOT, 'docs', 'openapi.json');
const [folder] = process.argv.slice(2);
const settings = { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, stdio: ['ignore', 'pipe', 'inherit'] };
const { status, stdout } = spawnSync(process.execPath, [...process.execArgv, join(ROOT, 'src', 'openapi.ts')], settings);
if (status !== 0) process.exit(status ?? 1);
const document = await format(stdout, { ...(await resolveConfig(KEPT)), parser: 'json' });
writeFileSync(folder === undefined ? KEPT : join(folder, 'openapi.json'), document);
await generateClient(JSON.parse(stdout), folder === undefined ? join(ROOT, 'client', 'src', 'generated') : join(folder, 'generated'));
