import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface LauncherProcess {
  readonly pid: number;
  /** The first line on standard output. Rejects with its own words when it ends without one. */
  readonly line: Promise<string>;
  /** Exit code, null after a signal nobody handled. */
  readonly ended: Promise<number | null>;
  signal(name: 'SIGTERM' | 'SIGKILL'): void;
  stdout(): string;
  stderr(): string;
}

/** Runs the compiled launcher (the test command builds first) as `npm start` does, in the given environment alone. */
export function startLauncher(args: readonly string[], env: Readonly<Record<string, string>>): LauncherProcess {
  const entry = fileURLToPath(new URL('../../dist/launcher/main.js', import.meta.url));
  const child = spawn(process.execPath, [entry, ...args], { env: { PATH: process.env['PATH'], ENV_FILE: '/none', ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const printed = { stdout: '', stderr: '' };
  const told = new Promise<string>((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed.stdout += text;
      if (printed.stdout.includes('\n')) resolve(printed.stdout.split('\n')[0] ?? '');
    });
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (printed.stderr += text));
  const ended = once(child, 'close').then(([code]) => code as number | null);
  const line = Promise.race([told, ended.then(() => Promise.reject(new Error(`The launcher was never ready:\n${withoutLogLines(printed.stderr)}`)))]);
  line.catch(() => undefined); // a test that waits for the end alone does not ask
  return {
    pid: child.pid ?? 0,
    line,
    ended,
    signal: (name) => void child.kill(name),
    stdout: () => printed.stdout,
    stderr: () => printed.stderr,
  };
}

/** What it says to a person, between the service's structured log lines. */
function withoutLogLines(text: string): string {
  return text
    .split('\n')
    .filter((line) => !line.startsWith('{'))
    .join('\n');
}
