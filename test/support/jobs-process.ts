import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { testEnvironment } from './environment.js';
import type { JobsWorld } from './jobs-context.js';

export interface JobsProcess {
  readonly pid: number;
  signal(name: 'SIGKILL' | 'SIGTERM' | 'SIGSTOP' | 'SIGCONT'): void;
  /** Resolves once it has ended, however. */
  readonly ended: Promise<void>;
  /** What it printed. */
  output(): string;
}

/** Starts `jobs-worker.ts` as a process of its own; resolves once it takes work. */
export async function startJobsProcess(world: JobsWorld): Promise<JobsProcess> {
  const env = testEnvironment({
    DATABASE_URL: world.database.serviceUrl,
    DATABASE_POOL_SIZE: '4',
    ROLE: 'all',
    ...(world.redisUrl === null ? {} : { REDIS_URL: world.redisUrl }),
  });
  const hooks = fileURLToPath(new URL('./typescript-hooks.mjs', import.meta.url));
  const child = fork(fileURLToPath(new URL('./jobs-worker.ts', import.meta.url)), {
    execArgv: ['--no-warnings', '--import', hooks],
    env: { ...env, PATH: process.env['PATH'] },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const printed: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => printed.push(text));
  const ended = once(child, 'exit').then(() => undefined);
  await Promise.race([once(child, 'message'), ended.then(() => Promise.reject(new Error(`the process did not start:\n${printed.join('')}`)))]);
  return { pid: pidOf(child), signal: (name) => void child.kill(name), ended, output: () => printed.join('') };
}

function pidOf(child: ChildProcess): number {
  if (child.pid === undefined) throw new Error('a process without a pid');
  return child.pid;
}
