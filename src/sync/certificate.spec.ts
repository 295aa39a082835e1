import { expect, it } from '@jest/globals';
import { certificateCounts, completenessPercent, isComplete } from './certificate.js';

it('counts what was missing and what was different as healed', () => {
  const found = { missing: 2, different: 3, held: 1, rejected: 4, announced: 5, gone: 6 };
  expect(certificateCounts(90, found)).toEqual({ equal: 90, healed: 5, held: 1, rejected: 4, announcedNotLanded: 5, missingAtAllegro: 6 });
});

it('never says 100 % while something is held, rejected, announced or beyond what can be listed', () => {
  for (const found of [{ held: 1 }, { rejected: 1 }, { announced: 1 }]) {
    const counts = certificateCounts(1_000_000, found);
    expect([isComplete(counts, 0), completenessPercent(counts, 0)]).toEqual([false, 99.99]);
  }
  const equal = certificateCounts(1_000_000, {});
  expect([isComplete(equal, 1), completenessPercent(equal, 1)]).toEqual([false, 99.99]);
  expect([isComplete(equal, 0), completenessPercent(equal, 0)]).toEqual([true, 100]);
});

it('lacks nothing of an empty window, nor by what Allegro has forgotten', () => {
  expect(completenessPercent(certificateCounts(0, {}), 0)).toBe(100);
  expect(isComplete(certificateCounts(3, { gone: 2, missing: 1 }), 0)).toBe(true);
});
