import { currentState, type OrderState } from '../shop/order-state.js';
import type { Order } from '../shop/order.js';
import { buy, live, merge } from '../shop/present.js';
import type { SellerShop } from '../shop/seller-shop.js';
import type { StepKind } from '../shop/steps.js';

/** A change of one order, as asked by a test or a person. */
export interface OrderChange {
  readonly kind: StepKind;
  /** The seller's status, for `fulfil`. */
  readonly status?: string;
  /** The order to be merged with, for `merge`; a new purchase of the same buyer when not said. */
  readonly with?: string;
}

/** A change the order's state does not allow. */
export class ChangeRefused extends Error {}

const unpaid = (state: OrderState): boolean => state.status === 'BOUGHT' || state.status === 'FILLED_IN';
const ready = (state: OrderState): boolean => state.status === 'READY_FOR_PROCESSING';

/** After these the buyer can no longer change or cancel (allegro-api#3730). */
const CLOSED: ReadonlySet<string> = new Set(['PROCESSING', 'READY_FOR_SHIPMENT', 'SENT', 'PICKED_UP', 'RETURNED']);

const ALLOWED: Readonly<Record<StepKind, (state: OrderState) => boolean>> = {
  buy: () => false,
  fill: unpaid,
  pay: unpaid,
  settle: ready,
  surcharge: ready,
  cancel: (state) => state.status !== 'CANCELLED' && !CLOSED.has(state.fulfilment),
  'auto-cancel': unpaid,
  fulfil: (state) => !unpaid(state),
  waybill: ready,
  'modify-address': (state) => ready(state) && !CLOSED.has(state.fulfilment),
  merge: unpaid,
  'cod-booked': ready,
  note: () => true,
};

function partner(shop: SellerShop, order: Order, id: string | undefined): Order {
  if (id === undefined) return order.sibling ?? buy(shop, order.kind.merged === true ? undefined : order.kind);
  const other = shop.readable(id);
  if (!other || other === order || !unpaid(currentState(other))) throw new ChangeRefused(`order ${id} cannot be merged`);
  return other;
}

/**
 * Lets something happen to an order now; answers the order that goes on (a merge makes a new one).
 * @throws ChangeRefused where the order is not in a state for it
 */
export function change(shop: SellerShop, order: Order, wanted: OrderChange): Order {
  const state = currentState(order);
  const allowed = ALLOWED[wanted.kind] as ((state: OrderState) => boolean) | undefined;
  if (!allowed) throw new ChangeRefused(`no such change: ${wanted.kind}; known: ${Object.keys(ALLOWED).join(', ')}`);
  if (order.successor !== null || !allowed(state)) {
    throw new ChangeRefused(`${wanted.kind} is not possible for an order that is ${state.status} and ${state.fulfilment}`);
  }
  if (wanted.kind === 'merge') return merge(shop, [order, partner(shop, order, wanted.with)]);
  // Nobody pays for a form that was not filled in.
  if (wanted.kind === 'pay' && state.fills === 0) live(shop, order, { kind: 'fill' });
  live(shop, order, wanted.status === undefined ? { kind: wanted.kind } : { kind: wanted.kind, status: wanted.status });
  return order;
}
