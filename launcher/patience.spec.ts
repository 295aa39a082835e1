import { describe, expect, it } from '@jest/globals';
import { patiently } from './patience.js';
import { RefusedCall } from './refused-call.js';

function failing(...failures: Error[]): () => Promise<string> {
  return () => {
    const failure = failures.shift();
    return failure === undefined ? Promise.resolve('done') : Promise.reject(failure);
  };
}

describe('patience', () => {
  it('waits an outage out', async () => {
    expect(await patiently(60_000, failing(new RefusedCall('POST /x', 503, 'down'), new TypeError('fetch failed')))).toBe('done');
  });

  it('ends at once where asking again cannot help, and when the time is over', async () => {
    await expect(patiently(60_000, failing(new RefusedCall('POST /x', 409, 'taken')))).rejects.toThrow('409');
    await expect(patiently(-1, failing(new RefusedCall('POST /x', 503, 'down')))).rejects.toThrow('503');
  });
});
