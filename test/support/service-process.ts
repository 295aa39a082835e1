import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface ServiceProcess {
  readonly pid: number;
  /** The address it told its parent; null when it ended first. */
  readonly url: string | null;
  /** Exit code, null after a signal nobody handled. */
  readonly ended: Promise<number | null>;
  signal(name: 'SIGTERM' | 'SIGINT' | 'SIGKILL'): void;
  stdout(): string;
  stderr(): string;
}

/** Runs the compiled `main.js` (the test command builds first) as a process of its own; resolves when it listens or has ended. */
export async function startServiceProcess(env: Readonly<Record<string, string | undefined>>): Promise<ServiceProcess> {
  const child = fork(fileURLToPath(new URL('../../dist/src/main.js', import.meta.url)), {
    env: { ...env, PATH: process.env['PATH'] },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const printed = { stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (printed.stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (printed.stderr += text));
  // `close` comes after the last of its output was read.
  const ended = once(child, 'close').then(([code]) => code as number | null);
  const listening = once(child, 'message').then(([message]) => (message as { listening: string }).listening);
  const url = await Promise.race([listening, ended.then(() => null)]);
  return { pid: child.pid ?? 0, url, ended, signal: (name) => void child.kill(name), stdout: () => printed.stdout, stderr: () => printed.stderr };
}
