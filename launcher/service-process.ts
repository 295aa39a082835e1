import { once } from 'node:events';
import { type ChildProgram, startChildProgram } from './child-program.js';

export interface ServiceProcessOptions {
  readonly env: NodeJS.ProcessEnv;
  /** File descriptor its log lines go to. */
  readonly log: number;
}

/** Starts the service without waiting for it. */
export function launchService(options: ServiceProcessOptions): ChildProgram {
  const entry = new URL('../src/main.js', import.meta.url);
  return startChildProgram({ entry, env: options.env, output: options.log, errors: options.log });
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
