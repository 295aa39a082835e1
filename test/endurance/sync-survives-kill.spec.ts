import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { KillStage, type Round, RESUMED_WITHIN_MS, type Verdict } from '../support/kill-rounds.js';
import { queueBackends } from '../support/test-redis.js';

const ROUNDS = 20;
const TIMEOUT_MS = 1_800_000;

describe.each(queueBackends)('twenty kills in the middle of a sync, the queue on %s', (backend) => {
  let stage: KillStage;

  beforeAll(async () => {
    stage = await KillStage.open(backend);
  }, TIMEOUT_MS);
  afterAll(() => stage.close());

  it(
    'lose and double no order, and another worker goes on within half a minute each time',
    async () => {
      const rounds: (Round & Verdict)[] = [];
      while (rounds.length < ROUNDS) rounds.push(await stage.round());
      const slowest = Math.max(...rounds.map((round) => round.resumedAfterMs));
      process.stdout.write(
        `${JSON.stringify({ backend, rounds: rounds.length, slowestResumeMs: slowest, orders: rounds.reduce((sum, round) => sum + round.orders, 0) })}\n`,
      );
      expect(rounds.filter((round) => round.lost + round.doubled + round.different > 0 || !round.chainsWhole)).toEqual([]);
      expect(rounds.filter((round) => round.landedBeforeKill >= round.orders)).toEqual([]);
      expect(slowest).toBeLessThan(RESUMED_WITHIN_MS);
    },
    TIMEOUT_MS,
  );
});
