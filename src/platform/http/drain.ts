import { Injectable } from '@nestjs/common';

/**
 * The state of a process that is being stopped. While draining, readiness fails and every answer closes its connection;
 * while holding, answers wait, so that no client is just about to connect when the listening socket goes away.
 */
@Injectable()
export class Drain {
  private readonly draining = new AbortController();
  private held: PromiseWithResolvers<undefined> | null = null;

  /** Aborted when the process starts to stop: long answers such as streams end themselves then. */
  get signal(): AbortSignal {
    return this.draining.signal;
  }

  get started(): boolean {
    return this.draining.signal.aborted;
  }

  begin(): void {
    this.held = Promise.withResolvers<undefined>();
    this.draining.abort();
  }

  release(): void {
    this.held?.resolve(undefined);
    this.held = null;
  }

  /** Resolves at once, or when the answers are released. */
  async passage(): Promise<void> {
    await this.held?.promise;
  }
}
