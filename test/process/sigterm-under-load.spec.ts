import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { STOPPED_WITHIN_MS, StopStage } from '../support/stop-rounds.js';
import { queueBackends } from '../support/test-redis.js';

const ROUNDS = 3;
/** Each round starts a process and may take the ten seconds of the stop. */
const TIMEOUT_MS = 180_000;

describe.each(queueBackends)('SIGTERM while clients call and a sync runs, the queue on %s', (backend) => {
  let stage: StopStage;

  beforeAll(async () => {
    stage = await StopStage.open(backend);
  }, TIMEOUT_MS);
  afterAll(() => stage.close(), TIMEOUT_MS);

  it(
    'resets no connection, leaves nothing half done, and the next process finishes the sync',
    async () => {
      const tasks: string[] = [];
      for (let round = 1; round <= ROUNDS; round += 1) {
        const { stoppedAfterMs, taskAfterStop, ...seen } = await stage.round();
        expect(seen).toMatchObject({ exitCode: 0, strange: [], runsLeftRunning: 0, leasesLeft: 0, lost: 0, doubled: 0, chainsWhole: true });
        expect(['PENDING', 'SUCCESS']).toContain(taskAfterStop);
        expect(stoppedAfterMs).toBeLessThan(STOPPED_WITHIN_MS);
        tasks.push(taskAfterStop);
      }
      // Or the signal came too late each time, and nothing was shown.
      expect(tasks).toContain('PENDING');
    },
    TIMEOUT_MS,
  );
});
