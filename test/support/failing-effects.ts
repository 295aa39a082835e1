import { EffectSeam } from '../../src/platform/effects/effect-seam.js';

/** Where the crash comes: the effect never happened, or it happened and its answer was lost. */
export type CrashPoint = 'before' | 'after';

export class Crash extends Error {}

/** Counted from 1 over all effects, the first of a name, or the nth of a name. */
export type CrashPlace = number | string | { readonly name: string; readonly occurrence: number };

/** Lets a sync die at one of its outside effects. */
export class FailingEffects extends EffectSeam {
  readonly performed: string[] = [];
  private place: CrashPlace = Number.POSITIVE_INFINITY;
  private point: CrashPoint = 'before';
  private crashed = false;

  /** Whether the run came to the place of the crash. */
  get reached(): boolean {
    return this.crashed;
  }

  /** Everything after the place fails as well, as in a process that is gone. */
  arm(place: CrashPlace, point: CrashPoint): void {
    this.performed.length = 0;
    this.crashed = false;
    this.place = place;
    this.point = point;
  }

  disarm(): void {
    this.arm(Number.POSITIVE_INFINITY, 'before');
  }

  override async perform<T>(name: string, effect: () => Promise<T>): Promise<T> {
    this.performed.push(name);
    const place = this.performed.length;
    if (!this.crashed && !this.isPlace(name)) return effect();
    const isFirst = !this.crashed;
    this.crashed = true;
    if (isFirst && this.point === 'after') await effect();
    throw new Crash(`crashed at effect ${String(place)} (${name})`);
  }

  /** Asked for the effect that was just counted. */
  private isPlace(name: string): boolean {
    if (typeof this.place === 'number') return this.performed.length === this.place;
    const { name: wanted, occurrence } = typeof this.place === 'string' ? { name: this.place, occurrence: 1 } : this.place;
    return name === wanted && this.performed.filter((performed) => performed === wanted).length === occurrence;
  }
}
