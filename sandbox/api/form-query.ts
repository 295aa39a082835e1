import { invalid } from '../http/error-replies.js';
import type { Exchange } from '../http/exchange.js';
import { objectAt, type JsonObject } from '../json.js';
import { currentState, type OrderState } from '../shop/order-state.js';
import type { Order } from '../shop/order.js';
import type { SortKey } from '../shop/seller-shop.js';
import { instantParameter, Refusal, wholeNumber } from './parameters.js';

/** Offset plus limit may not pass this (allegro-api#4027). */
const GREATEST_REACH = 10_000;

export interface FormQuery {
  readonly offset: number;
  readonly limit: number;
  readonly sortBy: SortKey;
  readonly newestFirst: boolean;
  /** Cheap conditions first: they need no form. */
  readonly matches: (order: Order) => boolean;
}

type Condition = (order: Order, state: OrderState) => boolean;

/** Conditions on what the order's state says without its form. */
const STATE_FILTERS: Readonly<Record<string, (order: Order, state: OrderState) => string>> = {
  status: (_, state) => state.status,
  'fulfillment.status': (_, state) => state.fulfilment,
  'fulfillment.shipmentSummary.lineItemsSent': (_, state) => state.sent,
  'fulfillment.provider.id': (order) => order.kind.fulfilledBy ?? 'SELLER',
  'marketplace.id': (order) => order.market.id,
};

/** Conditions for which the form must be looked at. */
const FORM_FILTERS: Readonly<Record<string, (form: JsonObject) => unknown[]>> = {
  'payment.id': (form) => [objectAt(form, 'payment')?.['id']],
  'surcharges.id': (form) => (form['surcharges'] as JsonObject[]).map((surcharge) => surcharge['id']),
  'delivery.method.id': (form) => [objectAt(objectAt(form, 'delivery') ?? {}, 'method')?.['id']],
  'buyer.login': (form) => [objectAt(form, 'buyer')?.['login']],
};

const SORTS: Readonly<Record<string, { sortBy: SortKey; newestFirst: boolean }>> = {
  'lineItems.boughtAt': { sortBy: 'boughtAt', newestFirst: false },
  '-lineItems.boughtAt': { sortBy: 'boughtAt', newestFirst: true },
  updatedAt: { sortBy: 'updatedAt', newestFirst: false },
  '-updatedAt': { sortBy: 'updatedAt', newestFirst: true },
};

function window(exchange: Exchange, name: string, timeOf: (order: Order, state: OrderState) => number): Condition[] {
  const fromMs = instantParameter(exchange, `${name}.gte`);
  const toMs = instantParameter(exchange, `${name}.lte`);
  const conditions: Condition[] = [];
  if (fromMs !== null) conditions.push((order, state) => timeOf(order, state) >= fromMs);
  if (toMs !== null) conditions.push((order, state) => timeOf(order, state) <= toMs);
  return conditions;
}

function equalities(exchange: Exchange, formOf: (order: Order) => JsonObject): Condition[] {
  const conditions: Condition[] = [];
  for (const [name, valueOf] of Object.entries(STATE_FILTERS)) {
    const wanted = exchange.query.getAll(name);
    if (wanted.length > 0) conditions.push((order, state) => wanted.includes(valueOf(order, state)));
  }
  for (const [name, valuesOf] of Object.entries(FORM_FILTERS)) {
    const wanted = exchange.query.get(name);
    if (wanted !== null) conditions.push((order) => valuesOf(formOf(order)).includes(wanted));
  }
  return conditions;
}

/**
 * Reads the query of the list; parameters nobody knows are ignored.
 * @throws Refusal with a 422
 */
export function formQuery(exchange: Exchange, formOf: (order: Order) => JsonObject): FormQuery {
  const offset = wholeNumber(exchange, 'offset', { smallest: 0, greatest: Number.MAX_SAFE_INTEGER, fallback: 0 });
  const limit = wholeNumber(exchange, 'limit', { smallest: 1, greatest: 100, fallback: 100 });
  if (offset + limit > GREATEST_REACH) {
    const message = `Offset and limit parameters exceed maximal result size of ${String(GREATEST_REACH)} items`;
    throw new Refusal(invalid('/order/checkout-forms', message));
  }
  const sort = SORTS[exchange.query.get('sort') ?? '-lineItems.boughtAt'];
  if (!sort) throw new Refusal(invalid(exchange.path, 'Parameter sort has an unknown value'));
  const conditions = [
    ...window(exchange, 'lineItems.boughtAt', (order) => order.boughtAtMs),
    ...window(exchange, 'updatedAt', (_, state) => state.updatedAtMs),
    ...equalities(exchange, formOf),
  ];
  const matches = (order: Order): boolean => conditions.every((condition) => condition(order, currentState(order)));
  return { offset, limit, ...sort, matches };
}
