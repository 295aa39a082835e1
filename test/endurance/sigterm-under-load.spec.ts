import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { STOPPED_WITHIN_MS, type StopRound, StopStage } from '../support/stop-rounds.js';
import { queueBackends } from '../support/test-redis.js';

const ROUNDS = 30;
const TIMEOUT_MS = 1_800_000;

/** Everything a stop may leave behind, and nothing that is measured. */
function flaws({ exitCode, strange, taskAfterStop, runsLeftRunning, leasesLeft, lost, doubled, chainsWhole }: StopRound): boolean {
  const counted = strange.length + runsLeftRunning + leasesLeft + lost + doubled;
  return exitCode !== 0 || counted > 0 || !chainsWhole || !['PENDING', 'SUCCESS'].includes(taskAfterStop);
}

describe.each(queueBackends)('thirty times SIGTERM while clients call and a sync runs, the queue on %s', (backend) => {
  let stage: StopStage;

  beforeAll(async () => {
    stage = await StopStage.open(backend);
  }, TIMEOUT_MS);
  afterAll(() => stage.close(), TIMEOUT_MS);

  it(
    'reset no connection and leave nothing half done, and the next process finishes the sync each time',
    async () => {
      const rounds: StopRound[] = [];
      while (rounds.length < ROUNDS) rounds.push(await stage.round());
      const slowestStopMs = Math.max(...rounds.map((round) => round.stoppedAfterMs));
      const interrupted = rounds.filter((round) => round.taskAfterStop === 'PENDING').length;
      const slowestResumeMs = Math.max(...rounds.map((round) => round.resumedAfterMs));
      const answered = rounds.reduce((sum, round) => sum + round.answered, 0);
      process.stdout.write(`${JSON.stringify({ backend, rounds: rounds.length, interrupted, slowestStopMs, slowestResumeMs, answered })}\n`);
      expect(rounds.filter(flaws)).toEqual([]);
      // Or the signal came too late too often, and little was shown.
      expect(interrupted).toBeGreaterThan(ROUNDS / 2);
      expect(slowestStopMs).toBeLessThan(STOPPED_WITHIN_MS);
    },
    TIMEOUT_MS,
  );
});
