import { once } from 'node:events';
import { type ChildProgram, startChildProgram } from './child-program.js';

/** As in the Dockerfile. Node would let what has just been made grow to three times as much before it looks what of it is still used (docs/decisions/0022-memory.md). */
export const SERVICE_NODE_OPTIONS = ['--max-semi-space-size=16'] as const;

export interface ServiceProcessOptions {
  readonly env: NodeJS.ProcessEnv;
  /** File descriptor its log lines go to. */
  readonly log: number;
}

/** Starts the service without waiting for it. */
export function launchService(options: ServiceProcessOptions): ChildProgram {
  const entry = new URL('../src/main.js', import.meta.url);
  return startChildProgram({ entry, nodeOptions: SERVICE_NODE_OPTIONS, env: options.env, output: options.log, errors: options.log });
}

/**
 * Waits until the service answers requests.
 * @throws Error when it ends before that; its own words are in its log
 */
export async function listening(service: ChildProgram): Promise<string> {
  const told = once(service.process, 'message') as Promise<[unknown]>;
  const [message] = await Promise.race([told, service.ended.then((how) => Promise.reject(new Error(`The service ended before it was ready: ${how}.`)))]);
  const { listening: url } = message as { listening: string };
  return url;
}
