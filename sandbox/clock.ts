/** The sandbox's own time: real time plus a shift, so that a test can pass 60 seconds or 60 days at once. */
export class Clock {
  #shiftMs: number;
  /** When the sandbox started for the first time, on its own time: the seeded history ends here. */
  readonly startedAtMs: number;

  constructor(startsAtMs?: number, historyEndsAtMs?: number) {
    this.#shiftMs = startsAtMs === undefined ? 0 : startsAtMs - Date.now();
    this.startedAtMs = historyEndsAtMs ?? this.nowMs();
  }

  nowMs(): number {
    return Date.now() + this.#shiftMs;
  }

  advance(ms: number): void {
    this.#shiftMs += ms;
  }
}
