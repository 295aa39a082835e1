import { createInterface } from 'node:readline';
import { type ChildProgram, startChildProgram } from './child-program.js';

export interface SandboxProcess {
  readonly url: string;
  readonly ended: Promise<string>;
  stop(): Promise<void>;
}

export interface SandboxProcessOptions {
  readonly seed: string;
  /** Passed to `--arrival-ms`: how often something happens in the shop; 0 for never. */
  readonly arrivalIntervalMs: number;
  /** More of the sandbox's command line. */
  readonly args?: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Starts the Allegro sandbox on a free port and waits until it answers.
 * @throws Error when it ends before that; the reason is on standard error
 */
export async function startSandboxProcess(options: SandboxProcessOptions): Promise<SandboxProcess> {
  const sandbox = startChildProgram({
    entry: new URL('../sandbox/main.js', import.meta.url),
    args: ['--seed', options.seed, '--arrival-ms', String(options.arrivalIntervalMs), ...(options.args ?? [])],
    env: options.env,
    output: 'pipe',
    errors: 2,
  });
  const url = await firstLine(sandbox);
  return { url, ended: sandbox.ended, stop: () => sandbox.stop() };
}

async function firstLine(sandbox: ChildProgram): Promise<string> {
  if (sandbox.process.stdout === null) throw new Error('The sandbox has no standard output.');
  for await (const line of createInterface(sandbox.process.stdout)) {
    sandbox.process.stdout.resume();
    return (JSON.parse(line) as { sandboxUrl: string }).sandboxUrl;
  }
  throw new Error(`The Allegro sandbox did not start: ${await sandbox.ended}.`);
}
