import { describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { fuzz } from '../support/interface/fuzz-round.js';

/** Every run sends the same; the endurance run draws new ones. */
const SEED = 20_261_121;
const REQUESTS = 300;

describe(`${String(REQUESTS)} requests made from the document with seed ${String(SEED)}`, () => {
  it('are answered as it says: no failure of the service, no status and no body it does not name, no wrong body accepted', async () => {
    jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined); // the pause the stage brings about
    const { faults, requests, statuses } = await fuzz(SEED, REQUESTS);
    expect(faults).toEqual([]);
    expect(requests).toBe(REQUESTS);
    expect(statuses['200']).toBeGreaterThan(REQUESTS / 4);
    expect(statuses['422']).toBeGreaterThan(REQUESTS / 20);
  });
});
