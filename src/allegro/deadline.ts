/** One abort signal out of a caller's signal and a time limit, that knows which of the two ended it. */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #onAbort = (): void => this.#controller.abort();
  #timedOut = false;

  constructor(
    limitMs: number,
    private readonly outer: AbortSignal | undefined,
  ) {
    this.#timer = setTimeout(() => {
      this.#timedOut = true;
      this.#controller.abort();
    }, limitMs);
    if (outer?.aborted === true) this.#controller.abort();
    else outer?.addEventListener('abort', this.#onAbort, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** True when the time limit, not the caller, ended it. */
  get timedOut(): boolean {
    return this.#timedOut && this.outer?.aborted !== true;
  }

  /** Must be called, or the caller's long-lived signal would gather listeners. */
  end(): void {
    clearTimeout(this.#timer);
    this.outer?.removeEventListener('abort', this.#onAbort);
  }
}
