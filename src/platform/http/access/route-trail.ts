import { routeName } from './route-name.js';

/** Changes whose entry their feature writes, with more in it than the ids of the request; the others leave one by themselves. */
const OWN_ENTRIES: ReadonlySet<string> = new Set([
  'POST erasures', 'POST exports', 'DELETE exports/:export_id', 'POST keys', 'POST keys/:key_id/rotate', 'DELETE keys/:key_id',
  'PATCH settings/:name', 'DELETE settings/:name', 'PATCH tenant-settings/:name', 'DELETE tenant-settings/:name',
  'POST quarantine/release', 'POST quarantine/:item_id/release', 'POST quarantine/:item_id/reject', 'POST restore-plans/:plan_id/apply',
  'POST failed-orders/retry', 'POST failed-orders/:order_id/retry', 'POST sync/resume', 'POST sync/tasks/retry', 'POST sync/tasks/:task_id/retry',
  'POST tokens/refresh-expiring', 'POST webhooks', 'PATCH webhooks/:webhook_id', 'DELETE webhooks/:webhook_id', 'POST webhooks/:webhook_id/secret',
  'POST webhooks/:webhook_id/replay', 'POST webhooks/:webhook_id/deliveries/:message_id/replay',
]); // prettier-ignore

/** Asked again and again until a link is completed, and changes nothing. */
const READS: ReadonlySet<string> = new Set(['POST tokens/auth/status']);

/** What staff do in another tenant only with a reason: repeating, undoing and erasing, letting buyers out in files, sending to somebody. */
const WITH_REASON: ReadonlySet<string> = new Set([
  'POST orders/:order_id/replay', 'POST restore-plans/:plan_id/apply', 'POST erasures',
  'GET exports/orders', 'POST exports', 'GET exports/:export_id/file',
  'POST webhooks/:webhook_id/replay', 'POST webhooks/:webhook_id/deliveries/:message_id/replay',
]); // prettier-ignore

/** Whether the call changes something and nobody but the pipeline writes it down. */
export function leavesEntry(method: string, path: string): boolean {
  const name = routeName(method, path);
  return !name.startsWith('GET ') && !OWN_ENTRIES.has(name) && !READS.has(name);
}

/** Whether staff are asked why before they make the call in another tenant. */
export function needsReason(method: string, path: string): boolean {
  return WITH_REASON.has(routeName(method, path));
}
