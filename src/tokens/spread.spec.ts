import { describe, expect, it } from '@jest/globals';
import { spreadSeconds } from './spread.js';

describe('the spread of a mass refresh', () => {
  it('takes at least five minutes for 200 sellers that expire in the same second, and less than the hour they have left', () => {
    for (const draw of [0, 0.5, 0.999]) {
      const due = spreadSeconds(200, () => draw);
      expect(Math.max(...due) - Math.min(...due)).toBeGreaterThanOrEqual(300);
      expect(Math.max(...due)).toBeLessThan(3_000);
    }
  });

  it('never bunches: no second sees more than a few starts', () => {
    const perSecond = new Map<number, number>();
    for (const due of spreadSeconds(200, Math.random)) perSecond.set(Math.floor(due), (perSecond.get(Math.floor(due)) ?? 0) + 1);
    expect(Math.max(...perSecond.values())).toBeLessThanOrEqual(4);
  });

  it('goes at five a second at most for ten thousand', () => {
    const due = spreadSeconds(10_000, Math.random);
    expect(due.at(-1)).toBeCloseTo(2_000);
  });

  it('is ascending, and starts a single one at once', () => {
    const due = spreadSeconds(50, Math.random);
    expect(due.toSorted((a, b) => a - b)).toEqual(due);
    expect(spreadSeconds(1, Math.random)).toEqual([0]);
    expect(spreadSeconds(0, Math.random)).toEqual([]);
  });
});
