/**
 * Work of which one piece for each key runs at a time. Who asks meanwhile waits and shares the next piece with all others who wait:
 * it begins after they asked, so it cannot tell them something older than their question.
 */
export class OneByOne<T> {
  private readonly running = new Map<string, Promise<T>>();
  private readonly waiting = new Map<string, Promise<T>>();

  /** @returns what the piece that ran for this asker came to; a failure is everybody's who shared it */
  async run(key: string, work: () => Promise<T>): Promise<T> {
    const waiting = this.waiting.get(key);
    if (waiting) return waiting;
    const running = this.running.get(key);
    return running ? this.wait(key, running, work) : this.begin(key, work);
  }

  private begin(key: string, work: () => Promise<T>): Promise<T> {
    const piece = work().finally(() => this.running.delete(key));
    this.running.set(key, piece);
    return piece;
  }

  private wait(key: string, running: Promise<T>, work: () => Promise<T>): Promise<T> {
    const next = async (): Promise<T> => {
      await Promise.allSettled([running]);
      this.waiting.delete(key);
      return this.begin(key, work);
    };
    const piece = next();
    this.waiting.set(key, piece);
    return piece;
  }
}
