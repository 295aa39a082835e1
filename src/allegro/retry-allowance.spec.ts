import { describe, expect, it } from '@jest/globals';
import { earn, FIRST_ALLOWANCE, retryDelayMs, spend, type RetryAllowance } from './retry-allowance.js';

describe('the allowance of quick retries', () => {
  it.each([[10], [100], [10_000]])('keeps %d failing calls below twice their number of requests', (calls) => {
    let allowance: RetryAllowance = FIRST_ALLOWANCE;
    let requests = 0;
    for (let call = 0; call < calls; call += 1) {
      allowance = earn(allowance);
      requests += 1;
      for (let retry = 0; retry < 2; retry += 1) {
        const left = spend(allowance);
        if (left === null) break;
        allowance = left;
        requests += 1;
      }
    }
    expect(requests).toBeLessThanOrEqual(calls * 2);
  });

  it('never grows beyond a handful while all is well', () => {
    let allowance: RetryAllowance = FIRST_ALLOWANCE;
    for (let call = 0; call < 1_000; call += 1) allowance = earn(allowance);
    expect(allowance.tokens).toBe(10);
  });
});

describe('the wait before a retry', () => {
  it('is spread from nothing to its bound', () => {
    expect([retryDelayMs(1, null, 0), retryDelayMs(1, null, 0.999), retryDelayMs(2, null, 0.999), retryDelayMs(9, null, 0.5)]).toEqual([0, 499, 1498, 750]);
  });

  it('comes after a short Retry-After', () => {
    expect(retryDelayMs(1, 2, 0.5)).toBe(2_250);
  });
});
