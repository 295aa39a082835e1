import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from './free-port.js';
import { type GuardedProcess, startGuardedProcess } from './guarded-process.js';
import { type PostgresBinaries, postgresBinaries } from './postgres-binaries.js';
import { canReach, reachableTemporaryRoot, serverUser, type ServerUser } from './server-user.js';

export interface EmbeddedPostgresOptions {
  /** Folder that keeps the cluster over restarts; without it a temporary one is used and removed at the stop. */
  readonly dataDir?: string;
  /** Default: a free port. */
  readonly port?: number;
  /** Server settings (`name: value`) on top of the durable defaults. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface EmbeddedPostgres {
  /** URL of a superuser's connection to 127.0.0.1; database `postgres` unless named. */
  ownerUrl(database?: string): string;
  readonly port: number;
  /** Fast shutdown, waits for the end; a temporary cluster is removed. */
  stop(): Promise<void>;
}

/** Durable on purpose: with `synchronous_commit=off` acknowledged rows are lost in a crash, and a service in production refuses to start. */
const DURABLE_SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'on',
  synchronous_commit: 'on',
  max_connections: '200', // four service processes with a pool of 20 each, their BullMQ pools, and room for tests
  timezone: 'UTC',
  log_timezone: 'UTC',
};

/** Ready within 0.5 s here; a recovery after a crash on a slow disk may take many times that. */
const READY_WITHIN_MS = 30_000;
/** How often the start is tried: a lost race for a port, or a predecessor's guardian still shutting down the same cluster. */
const START_ATTEMPTS = 20;
const POLL_MS = 20;
const RETRY_MS = 500;

interface Cluster {
  readonly home: string;
  readonly user: ServerUser;
  readonly binaries: PostgresBinaries;
  readonly password: string;
  readonly temporary: boolean;
}

/**
 * Starts the PostgreSQL 18 that npm installed, on 127.0.0.1 with a generated password, as an unprivileged user when we are root.
 * It ends with this process, however this process ends. Throws with the server's own words when it does not come up.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions = {}): Promise<EmbeddedPostgres> {
  for (let attempt = 1; ; attempt += 1) {
    const cluster = prepareCluster(options.dataDir);
    const port = options.port ?? (await freePort());
    const server = launch(cluster, port, options.settings ?? {});
    if (await becomesReady(cluster, server)) return runningPostgres(cluster, port, server);
    await server.stop();
    const words = server.lastWords();
    if (attempt === START_ATTEMPTS || !/Address already in use|lock file .* already exists/.test(words)) {
      throw new Error(`The embedded PostgreSQL did not start:\n${words.trim()}`);
    }
    await delay(RETRY_MS);
  }
}

function runningPostgres(cluster: Cluster, port: number, server: GuardedProcess): EmbeddedPostgres {
  return {
    ownerUrl: (database = 'postgres') => `postgresql://postgres:${cluster.password}@127.0.0.1:${port}/${database}`,
    port,
    stop: () => server.stop(),
  };
}

function prepareCluster(dataDir: string | undefined): Cluster {
  const user = serverUser();
  const binaries = postgresBinaries(user);
  const home = dataDir === undefined ? newHome(reachableTemporaryRoot(user)) : persistentHome(dataDir, user);
  const passwordFile = join(home, 'password');
  const data = join(home, 'cluster');
  // The version file is written early by initdb, this mark only after it: an interrupted initdb is started again.
  const mark = join(home, 'initialised');
  if (!existsSync(mark)) {
    rmSync(data, { recursive: true, force: true });
    writeFileSync(passwordFile, randomBytes(24).toString('hex'), { mode: 0o600 });
    initialise({ data, passwordFile, user, binaries, temporary: dataDir === undefined });
    writeFileSync(mark, '');
  }
  return { home, user, binaries, password: readFileSync(passwordFile, 'utf8'), temporary: dataDir === undefined };
}

/** Only its own user enters the cluster; root's password file beside it stays root's. */
function newHome(parent: string): string {
  const home = mkdtempSync(join(parent, 'order-log-postgres-'));
  chmodSync(home, 0o711);
  return home;
}

/** The folder itself, or, when the server's user cannot enter it (a clone below root's 0700 home), one outside that it points to. */
function persistentHome(dataDir: string, user: ServerUser): string {
  mkdirSync(dataDir, { recursive: true });
  chmodSync(dataDir, 0o711);
  if (canReach(user, dataDir)) return dataDir;
  const pointer = join(dataDir, 'location');
  if (existsSync(pointer)) {
    const known = readFileSync(pointer, 'utf8');
    if (existsSync(known)) return known;
  }
  const outside = newHome(existsSync('/var/tmp') ? '/var/tmp' : reachableTemporaryRoot(user));
  writeFileSync(pointer, outside);
  return outside;
}

function initialise(cluster: { data: string; passwordFile: string; user: ServerUser; binaries: PostgresBinaries; temporary: boolean }): void {
  mkdirSync(cluster.data, { mode: 0o700 });
  if (cluster.user !== null) chownSync(cluster.data, cluster.user.uid, cluster.user.gid);
  const readable = `${cluster.passwordFile}.initdb`; // a copy that the server's user may read, for this one call
  writeFileSync(readable, readFileSync(cluster.passwordFile), { mode: 0o600 });
  if (cluster.user !== null) chownSync(readable, cluster.user.uid, cluster.user.gid);
  const args = ['-D', cluster.data, '-U', 'postgres', '-A', 'scram-sha-256', `--pwfile=${readable}`, '-E', 'UTF8', '--locale=C.UTF-8'];
  // The password is random, 192 bits: hashing it 4,096 times would only slow every connection down.
  args.push('-c', 'scram_iterations=1', ...(cluster.temporary ? ['--no-sync'] : []));
  const result = spawnSync(join(cluster.binaries.root, 'bin', 'initdb'), args, { ...cluster.user, cwd: '/', encoding: 'utf8' });
  rmSync(readable);
  if (result.status !== 0) throw new Error(`initdb failed: ${result.stderr || String(result.error)}`);
}

function launch(cluster: Cluster, port: number, settings: Readonly<Record<string, string>>): GuardedProcess {
  rmSync(join(cluster.home, 'postgres.log'), { force: true }); // an old log says "ready" too
  const merged = Object.entries({ ...DURABLE_SETTINGS, ...settings, port: String(port) });
  return startGuardedProcess({
    command: join(cluster.binaries.root, 'bin', 'postgres'),
    args: ['-D', join(cluster.home, 'cluster'), ...merged.flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    ...cluster.user,
    logFile: join(cluster.home, 'postgres.log'),
    removeAfterwards: [cluster.temporary ? cluster.home : null, cluster.binaries.temporaryCopy].filter((folder) => folder !== null),
  });
}

async function becomesReady(cluster: Cluster, server: GuardedProcess): Promise<boolean> {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (!server.hasEnded() && Date.now() < deadline) {
    if (/ready to accept connections/.test(serverLog(cluster))) return true;
    await delay(POLL_MS);
  }
  return false;
}

function serverLog(cluster: Cluster): string {
  const file = join(cluster.home, 'postgres.log');
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
