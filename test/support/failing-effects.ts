import { EffectSeam } from '../../src/platform/effects/effect-seam.js';

/** Where the crash comes: the effect never happened, or it happened and its answer was lost. */
export type CrashPoint = 'before' | 'after';

export class Crash extends Error {}

/** Lets a sync die at its Nth outside effect. */
export class FailingEffects extends EffectSeam {
  readonly performed: string[] = [];
  private crashAt = Number.POSITIVE_INFINITY;
  private point: CrashPoint = 'before';

  /** @param n counted from 1; everything after it fails as well, as in a process that is gone */
  arm(n: number, point: CrashPoint): void {
    this.performed.length = 0;
    this.crashAt = n;
    this.point = point;
  }

  disarm(): void {
    this.arm(Number.POSITIVE_INFINITY, 'before');
  }

  override async perform<T>(name: string, effect: () => Promise<T>): Promise<T> {
    this.performed.push(name);
    const n = this.performed.length;
    if (n < this.crashAt) return effect();
    if (n === this.crashAt && this.point === 'after') await effect();
    throw new Crash(`crashed at effect ${String(n)} (${name})`);
  }
}
