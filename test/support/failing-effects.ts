import { EffectSeam } from '../../src/platform/effects/effect-seam.js';

/** Where the crash comes: the effect never happened, or it happened and its answer was lost. */
export type CrashPoint = 'before' | 'after';

export class Crash extends Error {}

/** Lets a sync die at its Nth outside effect. */
export class FailingEffects extends EffectSeam {
  readonly performed: string[] = [];
  private crashAt: number | string = Number.POSITIVE_INFINITY;
  private point: CrashPoint = 'before';

  /** @param n counted from 1, or the name of an effect, meaning its first; everything after it fails as well, as in a process that is gone */
  arm(n: number | string, point: CrashPoint): void {
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
    const crashAt = typeof this.crashAt === 'number' ? this.crashAt : this.performed.indexOf(this.crashAt) + 1 || Number.POSITIVE_INFINITY;
    if (n < crashAt) return effect();
    if (n === crashAt && this.point === 'after') await effect();
    throw new Crash(`crashed at effect ${String(n)} (${name})`);
  }
}
