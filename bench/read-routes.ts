import type { Route } from './read-load.js';

/** What the requests name. */
export interface ReadSubjects {
  readonly tokenId: string;
  readonly userId: string;
  readonly orderIds: readonly string[];
  readonly syncTaskId: string;
  readonly linkTaskId: string;
  /** An instant at which every order was known and none had its flags. */
  readonly asOf: string;
  readonly invoiceId: string;
  /** Of the middle of the shop's past. */
  readonly day: { readonly from: string; readonly to: string };
}

const DAY_MS = 86_400_000;

/** Each of its requests asks Allegro: with more of them the budget would be measured. */
const REQUESTS_TO_ALLEGRO = 100;

/** Every GET of the contract, the list once with each of its filters. */
export function readRoutes(subjects: ReadSubjects): Route[] {
  const ofOrders = [...listRoutes(subjects), ...orderRoutes(subjects), ...reportRoutes(subjects)];
  return [...serviceRoutes(), ...tokenRoutes(subjects), ...ofOrders, ...syncRoutes(subjects), ...watchRoutes(subjects)];
}

const fixed = (name: string, path: string): Route => ({ name, path: () => path });

function serviceRoutes(): Route[] {
  return ['/', '/livez', '/readyz', '/health', '/metrics', '/openapi.json', '/docs'].map((path) => fixed(path, path));
}

function tokenRoutes({ tokenId, userId, linkTaskId }: ReadSubjects): Route[] {
  return [
    fixed('tokens', '/api/v1/tokens'),
    fixed('tokens/{id}', `/api/v1/tokens/${tokenId}`),
    fixed('tokens/user/{user}', `/api/v1/tokens/user/${userId}`),
    fixed('tokens/auth/task/{id}', `/api/v1/tokens/auth/task/${linkTaskId}`),
  ];
}

function listRoutes({ tokenId, invoiceId, day, orderIds }: ReadSubjects): Route[] {
  const list = (name: string, query: string): Route => fixed(`orders${name}`, `/api/v1/orders?token_id=${tokenId}${query}`);
  const deepest = Math.max(0, orderIds.length - 100);
  return [
    list('', ''),
    list(' limit=100', '&limit=100'),
    list(` offset=${String(deepest)}`, `&limit=100&offset=${String(deepest)}`),
    list(' status=READY_FOR_PROCESSING', '&status=READY_FOR_PROCESSING'),
    list(' status=SENT', '&status=SENT'),
    list(' from_date, to_date', `&from_date=${day.from}&to_date=${day.to}`),
    ...['stock_updated', 'invoice_created'].flatMap((flag) => ['true', 'false'].map((value) => list(` ${flag}=${value}`, `&${flag}=${value}`))),
    list(' invoice_id', `&invoice_id=${encodeURIComponent(invoiceId)}`),
    list(' sort=updated', '&sort=updated'),
    list(' fields', '&fields=id,status,technical_flags'),
    list(' all filters', `&status=SENT&stock_updated=false&invoice_created=false&from_date=${day.from}&to_date=${day.to}`),
  ];
}

function orderRoutes({ tokenId, orderIds, asOf, day }: ReadSubjects): Route[] {
  const order = (name: string, part: string, query = ''): Route => ({
    name: `orders/{id}${name}`,
    path: (turn) => `/api/v1/orders/${orderIds[turn % orderIds.length] ?? ''}${part}?token_id=${tokenId}${query}`,
  });
  return [
    order('', ''),
    order(' as_of', '', `&as_of=${asOf}`),
    order(' occurred_as_of', '', `&occurred_as_of=${asOf}`),
    order('/timeline', '/timeline'),
    { ...order('/explanation', '/explanation'), as: 'operator' },
    order('/diff', '/diff', `&from=${asOf}`),
    fixed('orders/as-of', `/api/v1/orders/as-of?token_id=${tokenId}&as_of=${asOf}`),
    fixed('orders/diff', `/api/v1/orders/diff?token_id=${tokenId}&from=${asOf}`),
    order('/technical-flags', '/technical-flags'),
    order('/technical-flags/history', '/technical-flags/history'),
    order('/claims', '/claims'),
    fixed('orders/claims', `/api/v1/orders/claims?token_id=${tokenId}`),
    fixed('orders/technical-flags/summary', `/api/v1/orders/technical-flags/summary?token_id=${tokenId}`),
    fixed('orders/search', `/api/v1/orders/search?token_id=${tokenId}&query=kowalski`),
    fixed('orders/statistics', `/api/v1/orders/statistics?token_id=${tokenId}`),
    fixed('orders/data-quality', `/api/v1/orders/data-quality?token_id=${tokenId}`),
    fixed('orders/events', `/api/v1/orders/events?token_id=${tokenId}`),
    fixed('orders/events from_timestamp', `/api/v1/orders/events?token_id=${tokenId}&from_timestamp=${day.from}`),
    fixed('orders/sync/history', `/api/v1/orders/sync/history?token_id=${tokenId}`),
    fixed('orders/debug/statuses', `/api/v1/orders/debug/statuses?token_id=${tokenId}`),
    { ...fixed('orders/debug/health', `/api/v1/orders/debug/health?token_id=${tokenId}`), requests: REQUESTS_TO_ALLEGRO },
  ];
}

/** Each over a year, and sales over days that begin and end in their middle as well. */
function reportRoutes({ tokenId, day }: ReadSubjects): Route[] {
  const year = `from=${new Date(Date.now() - 364 * DAY_MS).toISOString().slice(0, 'YYYY-MM-DD'.length)}`;
  const report = (name: string, query: string): Route => fixed(`orders/reports/${name}`, `/api/v1/orders/reports/${name}?token_id=${tokenId}&${query}`);
  const names = ['sales', 'cancellations', 'fulfilment-time', 'top-offers', 'top-buyers'];
  return [...names.map((name) => report(name, year)), { ...report('sales', `from=${day.from}&to=${day.to}`), name: 'orders/reports/sales from, to' }];
}

function syncRoutes({ tokenId, syncTaskId }: ReadSubjects): Route[] {
  const sync = (name: string, path: string): Route => fixed(`sync/${name}`, `/api/v1/sync/${path}`);
  return [
    sync('history', 'history'),
    sync('history token_id', `history?token_id=${tokenId}&per_page=100`),
    sync('stats', 'stats'),
    sync('running', 'running'),
    sync('active', 'active'),
    sync('status/{token}', `status/${tokenId}`),
    sync('task/{id}', `task/${syncTaskId}`),
    sync('tasks/{id}', `tasks/${syncTaskId}`),
    sync('tasks/{id}/result', `tasks/${syncTaskId}/result`),
    sync('tasks/history', 'tasks/history'),
    sync('tasks/active', 'tasks/active'),
  ];
}

const SETTINGS = ['settings', 'tenant-settings'].flatMap((name) => [name, `${name}/http.requests_per_minute`, `${name}/http.requests_per_minute/history`]);

/** What watches over orders, accounts and the log. */
function watchRoutes({ tokenId }: ReadSubjects): Route[] {
  const ofAccount = ['failed-orders', 'quarantine', 'certificates', 'erasures'].map((name) => fixed(name, `/api/v1/${name}?token_id=${tokenId}`));
  const ofTenant = ['accounts/expiries', 'accounts/freshness', 'alerts', 'sync/pauses', 'webhooks', 'keys', 'exports'].map((name) =>
    fixed(name, `/api/v1/${name}`),
  );
  const ofOperators = ['audit', 'fleet', 'integrity/head', ...SETTINGS, `restore-plans?token_id=${tokenId}`].map((name): Route => ({
    ...fixed(name, `/api/v1/${name}`),
    as: 'operator',
  }));
  return [...ofAccount, ...ofTenant, ...ofOperators, fixed('changes', '/api/v1/changes')];
}

/** What no request of the list above asks for: a stream has no end, an export is measured by itself, and of these the stage holds nothing to name. */
const WITHOUT_SUBJECT: ReadonlySet<string> = new Set([
  '/api/v1/changes/stream',
  '/api/v1/exports/orders',
  '/api/v1/failed-orders/{order_id}',
  '/api/v1/quarantine/{item_id}',
  '/api/v1/certificates/{id}',
  '/api/v1/erasures/{erasure_id}',
  '/api/v1/restore-plans/{plan_id}',
  '/api/v1/exports/{export_id}',
  '/api/v1/keys/{key_id}',
  '/api/v1/exports/{export_id}/file',
  '/api/v1/webhooks/{webhook_id}',
  '/api/v1/webhooks/{webhook_id}/deliveries',
  '/api/v1/webhooks/{webhook_id}/deliveries/{message_id}',
]);

/** The GETs of the service's own document that nobody measured. */
export function unmeasured(document: { readonly paths: Readonly<Record<string, object>> }, routes: readonly Route[]): string[] {
  const asked = routes.map((route) => route.path(0).split('?')[0] ?? '');
  const gets = Object.keys(document.paths).filter((path) => 'get' in (document.paths[path] ?? {}) && !WITHOUT_SUBJECT.has(path));
  return gets.filter((path) => {
    const pattern = new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`);
    return !asked.some((address) => pattern.test(address));
  });
}
