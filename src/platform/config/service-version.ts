import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

function packageFile(folder: string): string {
  const candidate = join(folder, 'package.json');
  if (existsSync(candidate) || dirname(folder) === folder) return candidate;
  return packageFile(dirname(folder));
}

/** The version in the package.json nearest above the compiled or the source file. */
export const SERVICE_VERSION = (JSON.parse(readFileSync(packageFile(import.meta.dirname), 'utf8')) as { version: string }).version;
