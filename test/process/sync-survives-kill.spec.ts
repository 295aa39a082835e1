import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { KillStage, RESUMED_WITHIN_MS } from '../support/kill-rounds.js';
import { queueBackends } from '../support/test-redis.js';

const ROUNDS = 3;
/** Start of the processes, and three rounds that may each take the promised half minute. */
const TIMEOUT_MS = 240_000;

describe.each(queueBackends)('a worker killed in the middle of a sync, the queue on %s', (backend) => {
  let stage: KillStage;

  beforeAll(async () => {
    stage = await KillStage.open(backend);
  }, TIMEOUT_MS);
  afterAll(() => stage.close());

  it(
    `loses and doubles no order in ${String(ROUNDS)} rounds, and another worker goes on within half a minute`,
    async () => {
      for (let round = 1; round <= ROUNDS; round += 1) {
        const { resumedAfterMs, landedBeforeKill, orders, ...whole } = await stage.round();
        expect({ round, ...whole }).toEqual({ round, lost: 0, doubled: 0, different: 0, chainsWhole: true });
        // Or the sync had ended before the kill, and nothing was shown.
        expect(landedBeforeKill).toBeLessThan(orders);
        expect(resumedAfterMs).toBeLessThan(RESUMED_WITHIN_MS);
      }
    },
    TIMEOUT_MS,
  );
});
