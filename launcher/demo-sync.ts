import { type HttpApi, until } from './http-api.js';

/** The target of a first sync of 1,000 orders is 120 s; faults of the sandbox may take it all. */
const SYNC_WITHIN_MS = 120_000;
const INTERVAL_MINUTES = 1;

export interface SyncWish {
  readonly full: boolean;
}

/** Starts a sync and answers its task's id. */
export async function startSync(service: HttpApi, tokenId: string, wish: SyncWish): Promise<string> {
  const { task_id: taskId } = await service.post('/api/v1/sync/start', { token_id: tokenId, force_full_sync: wish.full });
  return String(taskId);
}

/**
 * Waits for the end of a sync and answers its result.
 * @throws Error when it failed, was revoked or takes too long
 */
export function syncEnd(service: HttpApi, taskId: string, withinMs = SYNC_WITHIN_MS): Promise<Record<string, unknown>> {
  return until('The end of the sync', withinMs, async () => {
    const task = await service.get(`/api/v1/sync/tasks/${taskId}`);
    if (task['status'] === 'FAILURE' || task['status'] === 'REVOKED') throw new Error(`The sync ended as ${task['status']}: ${String(task['error'])}`);
    return task['status'] === 'SUCCESS' ? ((task['result'] ?? {}) as Record<string, unknown>) : null;
  });
}

/** Switches the periodic sync on, where an earlier start has not done so. */
export async function activateAutosync(service: HttpApi, tokenId: string): Promise<void> {
  const { is_active: active } = await service.get(`/api/v1/sync/status/${tokenId}`);
  if (active !== true) await service.post('/api/v1/sync/activate', { token_id: tokenId, interval_minutes: INTERVAL_MINUTES });
}

/** How many orders the list knows. */
export async function orderCount(service: HttpApi, tokenId: string): Promise<number> {
  const { pagination } = await service.get(`/api/v1/orders/?token_id=${tokenId}&limit=1`);
  return (pagination as { total: number }).total;
}
