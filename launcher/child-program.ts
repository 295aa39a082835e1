import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface ChildProgramOptions {
  /** Address of the compiled entry point. */
  readonly entry: URL;
  readonly args?: readonly string[];
  /** Options of Node itself. */
  readonly nodeOptions?: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** File descriptor for what it prints; 'pipe' to read standard output. */
  readonly output: number | 'pipe';
  readonly errors: number;
}

export interface ChildProgram {
  readonly process: ChildProcess;
  /** Resolves when it has ended, with a sentence about how. */
  readonly ended: Promise<string>;
  /** SIGTERM, and SIGKILL when that does not help. */
  stop(): Promise<void>;
}

/** Leaves two of the ten seconds of SIGTERM for the sandbox and PostgreSQL, which stop after the service. */
const KILL_AFTER_MS = 8_000;

/** Runs one of our programs as a child that ends with this process. */
export function startChildProgram(options: ChildProgramOptions): ChildProgram {
  const preload = new URL('./die-with-parent.js', import.meta.url).href;
  const args = ['--enable-source-maps', ...(options.nodeOptions ?? []), '--import', preload, fileURLToPath(options.entry), ...(options.args ?? [])];
  // A group of its own: a Ctrl-C in the terminal reaches the launcher alone, which then stops everything in order.
  const child = spawn(process.execPath, args, { env: options.env, detached: true, stdio: ['ignore', options.output, options.errors, 'ipc'] });
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal === null ? `exit code ${String(code)}` : signal));
  });
  return {
    process: child,
    ended,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      const force = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
      await ended;
      clearTimeout(force);
    },
  };
}
