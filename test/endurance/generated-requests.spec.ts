import { describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { fuzz } from '../support/interface/fuzz-round.js';

const REQUESTS = 3_000;
/** Longer than any run on a busy machine. */
const LIMIT_MS = 600_000;
const seed = Date.now() % 2_147_483_647;

describe(`${String(REQUESTS)} requests made from the document with seed ${String(seed)}`, () => {
  it(
    'are answered as it says: no failure of the service, no status and no body it does not name, no wrong body accepted',
    async () => {
      jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined); // the pause the stage brings about
      const { faults, requests, statuses } = await fuzz(seed, REQUESTS);
      process.stdout.write(`seed ${String(seed)}: ${JSON.stringify(statuses)}\n`);
      expect(faults).toEqual([]);
      expect(requests).toBe(REQUESTS);
    },
    LIMIT_MS,
  );
});
