import type { Exchange, Route } from '../http/exchange.js';
import { plainJson, reply, type Reply } from '../http/reply.js';
import type { OrderFault } from '../world.js';
import { ChangeRefused, type OrderChange } from './changes.js';
import type { ControlDesk } from './control-desk.js';
import { NotThere } from './truth.js';

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
    return plainJson(200, handler(request, exchange));
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
  return [...readings(desk, route), ...doings(desk, route)];
}

type RouteMaker = (method: string, path: string, handler: ControlHandler) => Route;

function readings(desk: ControlDesk, route: RouteMaker): Route[] {
  return [
    route('GET', 'stats', () => desk.stats()),
    route('GET', 'sellers', () => ({ sellers: desk.sellers() })),
    { method: 'GET', path: '/_sandbox/orders', access: 'control', handle: (exchange) => orders(desk, exchange) },
    route('GET', 'kinds', (_, exchange) => desk.kinds(sellerOf(exchange))),
    route('GET', 'orders/{id}', (_, { params }) => desk.order(params['id'] ?? '')),
    route('GET', 'journal', (_, exchange) => ({ events: desk.journal(sellerOf(exchange)) })),
  ];
}

function doings(desk: ControlDesk, route: RouteMaker): Route[] {
  /** For what answers nothing. */
  const order = (path: string, act: (request: Request, exchange: Exchange) => void): Route => {
    return route('POST', path, (request, exchange) => {
      act(request, exchange);
      return { ok: true };
    });
  };
  return [
    order('stats/reset', () => {
      desk.resetStats();
    }),
    order('approve', (request) => {
      desk.approve(text(request, 'user_code') ?? '', text(request, 'seller'));
    }),
    order('deny', (request) => {
      desk.deny(text(request, 'user_code') ?? '');
    }),
    order('orders/{id}/fault', (request, { params }) => {
      desk.setOrderFault(params['id'] ?? '', (text(request, 'fault') ?? null) as OrderFault | null);
    }),
    order('orders/{id}/waybills', (request, { params }) => {
      desk.addWaybill(params['id'] ?? '', text(request, 'waybill') ?? '');
    }),
    order('faults', (request) => {
      desk.setFaults(text(request, 'faults') ?? '');
    }),
    order('corrupt', (request) => {
      desk.corrupt({ kind: null, ...request });
    }),
    order('latency', (request) => {
      desk.setLatency(amount(request, 'ms'));
    }),
    order('clock', (request) => {
      desk.advanceClock(amount(request, 'advanceMs'));
    }),
    route('POST', 'orders', (request) => ({ ids: desk.createOrders(request) })),
    route('POST', 'orders/{id}/changes', (request, { params }) => ({ id: desk.change(params['id'] ?? '', request as unknown as OrderChange) })),
    route('POST', 'arrivals', (request) => ({ ids: desk.arrive(request['count'] === undefined ? 1 : amount(request, 'count')) })),
    route('POST', 'tokens/expire', (request) => ({ expired: desk.expireTokens(text(request, 'seller')) })),
    route('POST', 'tokens/revoke', (request) => {
      return { revoked: desk.revokeTokens(text(request, 'seller'), text(request, 'end') === 'unlinked' ? 'unlinked' : 'closed') };
    }),
  ];
}
