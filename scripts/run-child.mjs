// Plain JavaScript for Node 20.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';

const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP'];
/** How soon an orphan notices that npm was killed; its servers should not stay much longer than that. */
const ORPHAN_POLL_MS = 500;

/**
 * Runs a command in our place: terminal, signals and exit code are ours. It has an IPC channel, whose end tells it that we were killed;
 * when npm, which started us, is killed, we stop it.
 * @returns {Promise<number>} its exit code, 128 + signal number when a signal ended it
 */
export function runChild(command, args, env) {
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
  for (const signal of FORWARDED) process.on(signal, () => child.kill(signal));
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.env.npm_lifecycle_event !== undefined && process.ppid !== parent) child.kill('SIGTERM');
  }, ORPHAN_POLL_MS);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      clearInterval(watch);
      resolve(code ?? 128 + constants.signals[signal]);
    });
  });
}
