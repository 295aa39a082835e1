/** Lets so many lines of a kind through in each second and counts the others, so that an attack does not fill the disk. */
export class LineAllowance {
  private second = -1;
  private lines = 0;
  private held = 0;

  constructor(private readonly linesPerSecond: number) {}

  /** @returns how many were held back before this line, or null when this one is held back too */
  take(nowMs: number): number | null {
    const second = Math.floor(nowMs / 1_000);
    if (second !== this.second) {
      this.second = second;
      this.lines = 0;
    }
    this.lines += 1;
    if (this.lines > this.linesPerSecond) {
      this.held += 1;
      return null;
    }
    const held = this.held;
    this.held = 0;
    return held;
  }
}
