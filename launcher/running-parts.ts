/** What has been started, to be stopped in the reverse order: the service before the servers it uses. */
export class RunningParts {
  readonly #parts: (() => Promise<void>)[] = [];
  #stopping: Promise<void> | null = null;

  /** Registers how a part is stopped; answers at once with the part itself. */
  add<Part extends { stop(): Promise<void> }>(part: Part): Part {
    this.#parts.push(() => part.stop());
    return part;
  }

  get isStopping(): boolean {
    return this.#stopping !== null;
  }

  /** Stops all, once, however often it is asked; a part that cannot be stopped does not keep the others running. */
  stopAll(): Promise<void> {
    this.#stopping ??= this.#stopInTurn();
    return this.#stopping;
  }

  async #stopInTurn(): Promise<void> {
    const failures: unknown[] = [];
    for (const stop of this.#parts.reverse()) await stop().catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw new AggregateError(failures, 'Not everything could be stopped.');
  }
}
