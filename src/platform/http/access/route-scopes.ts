import { type KeyScope, PERSONAL_DATA } from './key-scopes.js';
import { routeName } from './route-name.js';

/** Nothing a machine key may do, whatever its scopes: what staff do, and what makes or shows credentials or destroys. */
const NO_KEY = 'no key';

/** The one place that says what a machine key needs for a call; a route that is not listed is refused to every key. */
const ROUTES: Readonly<Record<Exclude<KeyScope, typeof PERSONAL_DATA> | typeof NO_KEY, readonly string[]>> = {
  'accounts:read': ['GET tokens', 'GET tokens/:token_id', 'GET tokens/user/:user_id', 'GET accounts/freshness', 'GET accounts/expiries', 'GET alerts'],
  'orders:read': [
    'GET orders', 'GET orders/search', 'GET orders/:order_id', 'GET orders/as-of', 'GET orders/diff', 'GET orders/:order_id/diff',
    'GET orders/:order_id/timeline', 'GET orders/events', 'GET orders/data-quality', 'GET orders/debug/statuses', 'GET orders/debug/health',
    'GET orders/technical-flags/summary', 'GET orders/:order_id/technical-flags', 'GET orders/:order_id/technical-flags/history',
    'GET orders/claims', 'GET orders/:order_id/claims',
  ],
  'statistics:read': [
    'GET orders/statistics', 'GET orders/reports/sales', 'GET orders/reports/cancellations', 'GET orders/reports/fulfilment-time',
    'GET orders/reports/top-offers', 'GET orders/reports/top-buyers',
  ],
  'changes:read': ['GET changes', 'GET changes/stream'],
  'exports:read': ['GET exports', 'GET exports/orders', 'GET exports/:export_id', 'GET exports/:export_id/file'],
  'exports:write': ['POST exports', 'DELETE exports/:export_id'],
  'flags:write': [
    'PATCH orders/technical-flags', 'PATCH orders/:order_id/stock-status', 'PATCH orders/:order_id/invoice-status',
    'POST orders/:order_id/claims', 'POST orders/:order_id/claims/:lease_id/renew', 'DELETE orders/:order_id/claims/:lease_id',
  ],
  'sync:read': [
    'GET orders/sync/history', 'GET sync/history', 'GET sync/stats', 'GET sync/running', 'GET sync/active', 'GET sync/status/:token_id', 'GET sync/pauses',
    'GET sync/task/:task_id', 'GET sync/tasks/history', 'GET sync/tasks/active', 'GET sync/tasks/:task_id', 'GET sync/tasks/:task_id/result',
    'GET certificates', 'GET certificates/:id', 'GET failed-orders', 'GET failed-orders/:order_id', 'GET quarantine', 'GET quarantine/:item_id',
  ],
  'sync:write': [
    'POST sync/start', 'POST sync/cancel/:sync_id', 'POST sync/activate', 'POST sync/deactivate', 'POST sync/sweep', 'POST sync/tasks/revoke',
    'POST sync/tasks/retry', 'POST sync/tasks/:task_id/retry', 'POST failed-orders/retry', 'POST failed-orders/:order_id/retry', 'POST orders/:order_id/sync',
  ],
  'webhooks:read': ['GET webhooks', 'GET webhooks/:webhook_id', 'GET webhooks/:webhook_id/deliveries', 'GET webhooks/:webhook_id/deliveries/:message_id'],
  'webhooks:write': [
    'POST webhooks', 'PATCH webhooks/:webhook_id', 'DELETE webhooks/:webhook_id', 'POST webhooks/:webhook_id/secret', 'POST webhooks/:webhook_id/replay',
    'POST webhooks/:webhook_id/ping', 'POST webhooks/:webhook_id/deliveries/:message_id/replay',
  ],
  [NO_KEY]: [
    'GET keys', 'POST keys', 'GET keys/:key_id', 'DELETE keys/:key_id', 'POST keys/:key_id/rotate',
    'POST tokens', 'PUT tokens/:token_id', 'DELETE tokens/:token_id', 'POST tokens/:token_id/refresh', 'POST tokens/:token_id/validate',
    'POST tokens/refresh-expiring', 'POST tokens/auth/initialize', 'POST tokens/auth/status', 'GET tokens/auth/task/:task_id',
    'POST orders/:order_id/replay', 'GET orders/:order_id/explanation', 'GET audit', 'GET fleet',
    'GET settings', 'GET settings/:name', 'PATCH settings/:name', 'DELETE settings/:name', 'GET settings/:name/history',
    'GET tenant-settings', 'GET tenant-settings/:name', 'PATCH tenant-settings/:name', 'DELETE tenant-settings/:name', 'GET tenant-settings/:name/history',
    'POST erasures', 'GET erasures', 'GET erasures/:erasure_id', 'POST integrity/verify', 'POST integrity/verifications', 'GET integrity/head',
    'POST restore-plans', 'GET restore-plans', 'GET restore-plans/:plan_id', 'POST restore-plans/:plan_id/apply',
    'POST quarantine/release', 'POST quarantine/:item_id/release', 'POST quarantine/:item_id/reject', 'POST sync/resume',
  ],
}; // prettier-ignore

/** Calls that are of no use, or an oracle, without personal data: refused to every caller who may not see it. */
const PERSONAL_ROUTES = ['GET orders/search', 'GET quarantine/:item_id', 'GET failed-orders/:order_id'];

/** Calls whose answers are streams: what writes them withholds by itself. */
const WITHHELD_BY_THEMSELVES = ['GET exports/orders', 'GET exports/:export_id/file'];

const SCOPE_OF: ReadonlyMap<string, string> = new Map(Object.entries(ROUTES).flatMap(([scope, routes]) => routes.map((route) => [route, scope] as const)));

/** The scopes a key needs for a call, all of them; null: no key may make it; undefined: nobody has decided about the route yet. */
export function scopesOfRoute(method: string, path: string): readonly string[] | null | undefined {
  const name = routeName(method, path);
  const scope = SCOPE_OF.get(name);
  if (scope === undefined) return undefined;
  if (scope === NO_KEY) return null;
  return PERSONAL_ROUTES.includes(name) ? [scope, PERSONAL_DATA] : [scope];
}

/** Whether a caller who may not see personal data is refused the call altogether. */
export function needsPersonalData(method: string, path: string): boolean {
  return PERSONAL_ROUTES.includes(routeName(method, path));
}

/** Whether the streams of the call hold nothing personal for who may not see it. */
export function withholdsByItself(method: string, path: string): boolean {
  return WITHHELD_BY_THEMSELVES.includes(routeName(method, path));
}

/** Every route the table decides about, such as `GET orders/:order_id`. */
export const DECIDED_ROUTES: readonly string[] = [...SCOPE_OF.keys()];
