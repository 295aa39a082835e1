// Runs one server (PostgreSQL, Redis) as its child and outlives the process that asked for it: when that process ends, even by
// SIGKILL, standard input closes, the server is stopped and its temporary folders go. Started by `guarded-process.ts`, never imported.
// It is also run straight from its TypeScript source, so it imports nothing of ours and uses only types that can be stripped.
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';

interface GuardedCommand {
  command: string;
  args: string[];
  uid?: number;
  gid?: number;
  logFile: string;
  removeAfterwards: string[];
}

/** A fast shutdown takes well under a second here; after this a server that hangs is ended by force, inside the 10 s of SIGTERM. */
const FORCE_AFTER_MS = 5_000;

/** Enough for the reason of a failed start, and within what a pipe takes at once. */
const LAST_WORDS_CHARACTERS = 4_000;

const guarded = JSON.parse(process.argv[2] ?? '') as GuardedCommand;
const log = openSync(guarded.logFile, 'w', 0o600);
const identity = guarded.uid === undefined ? {} : { uid: guarded.uid, gid: guarded.gid };
const server = spawn(guarded.command, guarded.args, { ...identity, cwd: '/', stdio: ['ignore', log, log] });
closeSync(log);

let asked = false;

function finish(code: number): void {
  if (!asked) tellLastWords();
  for (const folder of guarded.removeAfterwards) rmSync(folder, { recursive: true, force: true });
  process.exit(code);
}

function tellLastWords(): void {
  try {
    writeSync(1, readFileSync(guarded.logFile, 'utf8').slice(-LAST_WORDS_CHARACTERS));
  } catch {
    // Nobody listens any more, or the log is gone: the folders below must go all the same.
  }
}

function stopServer(): void {
  if (asked) return;
  asked = true;
  // SIGINT is the fast shutdown of PostgreSQL (SIGTERM would wait for clients) and a normal one for Redis.
  server.kill('SIGINT');
  setTimeout(() => server.kill('SIGKILL'), FORCE_AFTER_MS);
}

server.once('error', () => finish(1));
server.once('exit', (code) => finish(code ?? 1));
process.stdin.once('end', stopServer).once('error', stopServer).resume();
// A Ctrl-C of the terminal reaches the whole foreground group; the closing of standard input is the one way to stop.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
