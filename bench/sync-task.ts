import { setTimeout as delay } from 'node:timers/promises';
import { startSync, type SyncWish } from '../launcher/demo-sync.js';
import type { Answer, HttpApi } from '../launcher/http-api.js';

/** Fine enough for figures in hundredths of a second, coarse enough not to be a load of its own. */
const POLL_MS = 15;
/** Five tries of half a minute each, and the run itself. */
const END_WITHIN_MS = 180_000;

export interface TimedSync {
  readonly taskId: string;
  readonly ms: number;
  readonly status: string;
  readonly result: Answer;
}

/** Starts a sync and waits for its end, however it ends; the time counts from the request to the seen end. */
export async function timedSync(service: HttpApi, tokenId: string, wish: SyncWish): Promise<TimedSync> {
  const startedAt = performance.now();
  const taskId = await startSync(service, tokenId, wish);
  for (;;) {
    const task = await service.get(`/api/v1/sync/tasks/${taskId}`);
    const status = String(task['status']);
    const ms = performance.now() - startedAt;
    if (status !== 'PENDING' && status !== 'STARTED') return { taskId, ms, status, result: (task['result'] ?? {}) as Answer };
    if (ms > END_WITHIN_MS) return { taskId, ms, status, result: {} };
    await delay(POLL_MS);
  }
}

/** @throws Error when the sync did not succeed */
export async function successfulSync(service: HttpApi, tokenId: string, wish: SyncWish): Promise<TimedSync> {
  const sync = await timedSync(service, tokenId, wish);
  if (sync.status !== 'SUCCESS') throw new Error(`a sync ended as ${sync.status}`);
  return sync;
}
