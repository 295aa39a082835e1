import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { closeRun, openRun, type RunStart } from '../../src/sync/sync-runs.store.js';
import { type SyncSession, SyncTally } from '../../src/sync/sync-session.js';
import { ScheduleWorld } from '../support/schedule-world.js';

let world: ScheduleWorld;

beforeAll(async () => {
  world = await ScheduleWorld.start();
});
afterAll(() => world.stop());

const start: RunStart = { taskId: randomUUID(), syncType: 'full', startedAt: new Date(), from: null, to: null };

function sessionOf(generation: string): SyncSession {
  const tally = new SyncTally();
  tally.processed.add(`of-${generation}`);
  const whose = { tenantId: 'tenant-1', accountId: '1', tokenId: randomUUID(), runId: randomUUID() };
  return { ...whose, fence: { generation }, share: 'backfill', signal: new AbortController().signal, tally };
}

const open = (session: SyncSession) => world.db.transaction((tx) => openRun(tx, session, start));
const close = (session: SyncSession, status: 'COMPLETED' | 'CANCELLED') => world.db.transaction((tx) => closeRun(tx, session, start, { status, error: null }));
const row = async () => (await world.owner.query<object>('select sync_status, orders_processed from sync_runs where task_id = $1', [start.taskId])).rows[0];

describe("a task's run", () => {
  it('that froze and wakes after another worker went on with it neither ends nor reopens it', async () => {
    const frozen = sessionOf('4');
    const { id: runId } = await open(frozen);
    const successor = { ...sessionOf('5'), runId };
    expect(await open(successor)).toMatchObject({ id: runId });
    await close({ ...frozen, runId }, 'CANCELLED');
    expect(await row()).toEqual({ sync_status: 'RUNNING', orders_processed: 0 });
    await expect(open(frozen)).rejects.toThrow('later holder');
    await close(successor, 'COMPLETED');
    await close({ ...frozen, runId }, 'CANCELLED');
    expect(await row()).toEqual({ sync_status: 'COMPLETED', orders_processed: 1 });
  });
});
