import { hashOf, unitOf, type KeyPart } from '../random.js';
import type { FaultName } from './fault-names.js';
import { parseFaults, type FaultSpec } from './fault-spec.js';

/**
 * Decides which request, event or order a fault strikes. Every decision depends on the seed and its own key alone,
 * so a run with the same seed and the same requests in each route meets the same faults.
 */
export class FaultPlan {
  readonly #seed: number;
  #spec: FaultSpec;
  readonly #struck = new Map<FaultName, number>();

  constructor(seed: number, text: string) {
    this.#seed = seed;
    this.#spec = parseFaults(text);
  }

  /** Replaces the whole specification. */
  replace(text: string): void {
    this.#spec = parseFaults(text);
  }

  rate(name: FaultName): number {
    return this.#spec.get(name)?.rate ?? 0;
  }

  strikes(name: FaultName, ...key: readonly KeyPart[]): boolean {
    const rate = this.rate(name);
    if (rate === 0 || unitOf(this.#seed, name, ...key) >= rate) return false;
    this.#struck.set(name, (this.#struck.get(name) ?? 0) + 1);
    return true;
  }

  /** One of the choices, drawn from the key. */
  choose<T>(choices: readonly T[], ...key: readonly KeyPart[]): T {
    const choice = choices[hashOf(this.#seed, 'choice', ...key) % choices.length];
    if (choice === undefined) throw new Error('nothing to choose from');
    return choice;
  }

  argument(name: FaultName): string | null {
    return this.#spec.get(name)?.argument ?? null;
  }

  /** The argument as a number, or the fallback where none (or a word) was given. */
  amount(name: FaultName, fallback: number): number {
    const amount = Number(this.argument(name) ?? Number.NaN);
    return Number.isFinite(amount) ? amount : fallback;
  }

  /** How often each fault has struck. */
  counts(): Record<string, number> {
    return Object.fromEntries(this.#struck);
  }

  resetCounts(): void {
    this.#struck.clear();
  }
}
