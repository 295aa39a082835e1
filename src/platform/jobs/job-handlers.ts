import { Injectable } from '@nestjs/common';
import type { JobCatalogue, JobName } from './job-catalogue.js';
import type { JobRun } from './job-run.js';

export type JobHandler<N extends JobName> = (payload: JobCatalogue[N], run: JobRun) => Promise<void>;
type AnyHandler = (payload: never, run: JobRun) => Promise<void>;

/** Who runs which job. Features register in their constructors; start-up refuses a catalogue with a name nobody handles. */
@Injectable()
export class JobHandlers {
  private readonly handlers = new Map<string, AnyHandler>();

  /** @throws when the name has a handler already. */
  register<N extends JobName>(name: N, handler: JobHandler<N>): void {
    if (this.handlers.has(name)) throw new Error(`The job '${name}' has two handlers.`);
    this.handlers.set(name, handler);
  }

  /** Runs the handler of `name`. @throws when nobody handles it, and whatever the handler throws. */
  async handle(name: string, payload: unknown, run: JobRun): Promise<void> {
    const handler = this.handlers.get(name);
    if (!handler) throw new Error(`No handler is registered for the job '${name}'.`);
    await handler(payload as never, run);
  }

  /** @throws one error that names every job of the catalogue without a handler, and every handler without a job. */
  assertComplete(names: readonly string[]): void {
    const unhandled = names.filter((name) => !this.handlers.has(name));
    const unlisted = [...this.handlers.keys()].filter((name) => !names.includes(name));
    const mistakes = [
      ...unhandled.map((name) => `the job '${name}' has no handler`),
      ...unlisted.map((name) => `the handler of '${name}' is not in the catalogue`),
    ];
    if (mistakes.length > 0) throw new Error(`The job catalogue is incomplete: ${mistakes.join('; ')}.`);
  }
}
