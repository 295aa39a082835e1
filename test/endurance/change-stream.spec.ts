import { describe, expect, it } from '@jest/globals';
import { changeRounds } from '../support/change-rounds.js';

describe('the stream of changes', () => {
  it('misses and repeats nothing when its client is cut off fifty times while four writers append five thousand events', async () => {
    const { written, received, breaks } = await changeRounds({ events: 5_000, breaks: 50 });
    expect([written.length, breaks]).toEqual([5_000, 50]);
    expect([...received].sort()).toEqual(written);
  });
});
