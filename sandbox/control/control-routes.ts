import type { Exchange, Route } from '../http/exchange.js';
import { plainJson, reply, type Reply } from '../http/reply.js';
import type { OrderFault } from '../world.js';
import { ChangeRefused, type OrderChange } from './changes.js';
import { NotThere, type ControlDesk, type CorruptionRequest, type NewOrders } from './control-desk.js';

type Request = Readonly<Record<string, unknown>>;
type ControlHandler = (request: Request, exchange: Exchange) => unknown;

function text(request: Request, name: string): string | undefined {
  const value = request[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

function amount(request: Request, name: string): number {
  const value = Number(request[name]);
  if (!Number.isFinite(value)) throw new Error(`${name} must be a number`);
  return value;
}

function sellerOf(exchange: Exchange): string | undefined {
  return exchange.query.get('seller') ?? undefined;
}

/** The truth is joined as text: 5,000 forms are not parsed to be printed again. */
function orders(desk: ControlDesk, exchange: Exchange): Reply {
  const seller = sellerOf(exchange);
  if (exchange.query.has('ids')) return plainJson(200, { ids: desk.orderIds(seller) });
  const merged = JSON.stringify(desk.merged(seller));
  return reply(200, 'application/json', `{"orders":[${desk.orderTexts(seller).join(',')}],"merged":${merged}}`);
}

function handle(handler: ControlHandler, exchange: Exchange): Reply {
  try {
    const request = (exchange.body === '' ? {} : JSON.parse(exchange.body)) as Request;
    const result = handler(request, exchange);
    return plainJson(200, result ?? { ok: true });
  } catch (error) {
    const status = error instanceof NotThere ? 404 : error instanceof ChangeRefused ? 409 : 400;
    return plainJson(status, { error: error instanceof Error ? error.message : String(error) });
  }
}

/** The sandbox's own API under /_sandbox/, for tests in other processes. JSON in, JSON out. */
export function controlRoutes(desk: ControlDesk): readonly Route[] {
  const route = (method: string, path: string, handler: ControlHandler): Route => {
    return { method, path: `/_sandbox/${path}`, access: 'control', handle: (exchange) => handle(handler, exchange) };
  };
  return [
    route('GET', 'stats', () => desk.stats()),
    route('POST', 'stats/reset', () => desk.resetStats()),
    route('GET', 'sellers', () => ({ sellers: desk.sellers() })),
    { method: 'GET', path: '/_sandbox/orders', access: 'control', handle: (exchange) => orders(desk, exchange) },
    route('GET', 'kinds', (_, exchange) => desk.kinds(sellerOf(exchange))),
    route('GET', 'orders/{id}', (_, { params }) => desk.order(params['id'] ?? '')),
    route('GET', 'journal', (_, exchange) => ({ events: desk.journal(sellerOf(exchange)) })),
    route('POST', 'approve', (request) => desk.approve(text(request, 'user_code') ?? '', text(request, 'seller'))),
    route('POST', 'deny', (request) => desk.deny(text(request, 'user_code') ?? '')),
    route('POST', 'orders', (request) => ({ ids: desk.createOrders(request as NewOrders) })),
    route('POST', 'orders/{id}/changes', (request, { params }) => ({ id: desk.change(params['id'] ?? '', request as unknown as OrderChange) })),
    route('POST', 'orders/{id}/fault', (request, { params }) => desk.setOrderFault(params['id'] ?? '', (text(request, 'fault') ?? null) as OrderFault | null)),
    route('POST', 'arrivals', (request) => ({ ids: desk.arrive(request['count'] === undefined ? 1 : amount(request, 'count')) })),
    route('POST', 'faults', (request) => desk.setFaults(text(request, 'faults') ?? '')),
    route('POST', 'corrupt', (request) => desk.corrupt({ kind: null, ...request } as CorruptionRequest)),
    route('POST', 'tokens/expire', (request) => ({ expired: desk.expireTokens(text(request, 'seller')) })),
    route('POST', 'tokens/revoke', (request) => {
      return { revoked: desk.revokeTokens(text(request, 'seller'), text(request, 'end') === 'unlinked' ? 'unlinked' : 'closed') };
    }),
    route('POST', 'latency', (request) => desk.setLatency(amount(request, 'ms'))),
    route('POST', 'clock', (request) => desk.advanceClock(amount(request, 'advanceMs'))),
  ];
}
