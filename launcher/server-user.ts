import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';

/** Who runs an embedded server: nobody else than us (null), or as root an unprivileged user that exists already. */
export type ServerUser = { readonly uid: number; readonly gid: number } | null;

/** `nobody` of every Linux, also where /etc/passwd does not name it. */
const NOBODY = { uid: 65534, gid: 65534 } as const;

/** PostgreSQL refuses to run as root: then `postgres` if the machine has that user, else nobody. Never creates a user. */
export function serverUser(): ServerUser {
  if (process.getuid?.() !== 0) return null;
  const lines = existsSync('/etc/passwd') ? readFileSync('/etc/passwd', 'utf8').split('\n') : [];
  const [, , uid, gid] = lines.find((line) => line.startsWith('postgres:'))?.split(':') ?? [];
  return uid === undefined || gid === undefined ? NOBODY : { uid: Number(uid), gid: Number(gid) };
}

/** Whether that user can enter a folder or run a file: a project below a 0700 home is closed to it. */
export function canReach(user: ServerUser, path: string): boolean {
  if (user === null) return true;
  return spawnSync('/bin/sh', ['-c', 'test -x "$0"', path], { ...user, cwd: '/' }).status === 0;
}

/** A folder for temporary files that the user can enter. */
export function reachableTemporaryRoot(user: ServerUser): string {
  const root = [tmpdir(), '/tmp', '/var/tmp'].find((candidate) => existsSync(candidate) && canReach(user, candidate));
  if (root === undefined) throw new Error('No temporary folder can be entered by the user that runs the embedded server.');
  return root;
}
