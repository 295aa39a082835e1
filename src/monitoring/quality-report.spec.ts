import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { healthMetrics, type QualityCounts, rankIssues, recommendationsFor } from './quality-report.js';

const counts: QualityCounts = { orders: 100, missing: 0, recorded: 80, held: 0, owed: 0, runs: 10, failedRuns: 0 };
const amount = fc.nat({ max: 1_000_000 });

describe('the quality of what came', () => {
  it('is without anomaly however little came: empty pages and quiet nights trip nothing', () => {
    fc.assert(
      fc.property(amount, amount, amount, (orders, recorded, runs) => {
        expect(healthMetrics({ ...counts, orders, recorded, runs })).toEqual({ missingDataRatio: 0, regressionRatio: 0, anomalyScore: 0 });
      }),
    );
  });

  it('gets no better by one more held document, owed form or failed run, and never leaves 0 to 1', () => {
    const some = fc.record({
      orders: amount,

      missing: amount,
      recorded: amount,
      held: amount,
      owed: amount,
      runs: amount,
      failedRuns: fc.constant(0),
    });
    fc.assert(
      fc.property(some, fc.constantFrom('held', 'owed'), (before, what) => {
        const [was, is] = [healthMetrics(before), healthMetrics({ ...before, [what]: before[what] + 1 })];
        expect(is.anomalyScore).toBeGreaterThanOrEqual(was.anomalyScore);
        for (const value of Object.values(is)) expect(value >= 0 && value <= 1).toBe(true);
      }),
    );
  });

  it('weighs one failure among few lightly', () => {
    expect(healthMetrics({ ...counts, runs: 1, failedRuns: 1 }).anomalyScore).toBeLessThan(0.05);
    expect(healthMetrics({ ...counts, runs: 500, failedRuns: 450 }).anomalyScore).toBeGreaterThan(0.8);
  });

  it('ranks issues by gravity and size, and advises for those there are alone', () => {
    const ranked = rankIssues([
      { issue: 'missing_buyer', orders: 900, samples: [] },
      { issue: 'unreadable_malformed', orders: 3, samples: ['a'] },
      { issue: 'held_total_lost', orders: 1, samples: ['b'] },
      { issue: 'held_foreign_seller', orders: 5, samples: [] },
      { issue: 'unreadable_missing', orders: 7, samples: [] },
    ]);
    expect(ranked.map(({ issue }) => issue)).toEqual(['held_foreign_seller', 'held_total_lost', 'unreadable_missing', 'unreadable_malformed', 'missing_buyer']);
    expect(recommendationsFor(ranked)).toHaveLength(4);
    expect(recommendationsFor([])).toEqual([]);
  });
});
