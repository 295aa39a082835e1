import { spawn } from 'node:child_process';
import { Socket } from 'node:net';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface GuardedProcessOptions {
  readonly command: string;
  readonly args: readonly string[];
  /** Run the server as this user; only root may name one. */
  readonly uid?: number;
  readonly gid?: number;
  /** Receives what the server prints; rewritten at each start. */
  readonly logFile: string;
  /** Folders deleted once the server has ended, whoever ended it. */
  readonly removeAfterwards: readonly string[];
}

export interface GuardedProcess {
  /** Whether the server has ended. */
  hasEnded(): boolean;
  /** The end of its log, when it ended by itself. */
  lastWords(): string;
  /** Stops the server, waits for its end and for the removal of its folders. */
  stop(): Promise<void>;
}

/** Starts a server that ends with this process, however this process ends. */
export function startGuardedProcess(options: GuardedProcessOptions): GuardedProcess {
  const guardian = fileURLToPath(new URL(`./server-guardian${extname(import.meta.url)}`, import.meta.url));
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', guardian, JSON.stringify(options)], {
    detached: true, // a process group of its own, so a signal to ours does not race with the orderly stop
    cwd: '/',
    env: { PATH: process.env['PATH'] },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  let ended = false;
  let words = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (words += text));
  const end = new Promise<void>((resolve) => {
    const settle = (): void => {
      ended = true;
      resolve();
    };
    child.once('close', settle).once('error', settle);
  });
  child.stdin.on('error', () => undefined); // the guardian may end before us; `hasEnded` tells
  child.unref();
  for (const pipe of [child.stdin, child.stdout]) if (pipe instanceof Socket) pipe.unref();
  return {
    hasEnded: () => ended,
    lastWords: () => words,
    stop: async () => {
      child.ref();
      child.stdin.end();
      await end;
    },
  };
}
