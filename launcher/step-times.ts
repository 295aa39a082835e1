/** Runs named steps, remembers how long each took and puts its name before the reason when it fails. */
export class StepTimes {
  readonly seconds: Record<string, number> = {};

  async step<T>(name: string, work: () => Promise<T>): Promise<T> {
    const begun = performance.now();
    try {
      return await work();
    } catch (error) {
      throw new Error(`Step "${name}" failed: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    } finally {
      this.seconds[name] = Math.round((performance.now() - begun) / 10) / 100;
    }
  }
}
