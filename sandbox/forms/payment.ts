import type { Json, JsonObject } from '../json.js';
import { Random } from '../random.js';
import { instant } from '../shop/instants.js';
import type { PaymentTrait } from '../shop/order-kind.js';
import { price } from '../shop/money.js';
import type { OrderState } from '../shop/order-state.js';
import type { Order } from '../shop/order.js';

interface Means {
  readonly type: string;
  readonly provider: string | null;
}

const MEANS: Readonly<Record<PaymentTrait, Means>> = {
  af: { type: 'ONLINE', provider: 'AF' },
  payu: { type: 'ONLINE', provider: 'PAYU' },
  p24: { type: 'ONLINE', provider: 'P24' },
  wire: { type: 'WIRE_TRANSFER', provider: 'OFFLINE' },
  split: { type: 'SPLIT_PAYMENT', provider: 'AF' },
  term: { type: 'EXTENDED_TERM', provider: 'EPT' },
  cod: { type: 'CASH_ON_DELIVERY', provider: null },
  'cod-af': { type: 'CASH_ON_DELIVERY', provider: 'AF' },
  wallet: { type: 'ONLINE', provider: 'AF' },
  'allegro-pay': { type: 'ONLINE', provider: 'AF' },
  underpaid: { type: 'ONLINE', provider: 'PAYU' },
};

function isCashOnDelivery(order: Order): boolean {
  return MEANS[order.kind.payment ?? 'af'].type === 'CASH_ON_DELIVERY';
}

function paidAtMs(order: Order, state: OrderState): number | null {
  return order.kind.payment === 'term' ? state.settledAtMs : state.readyAtMs;
}

function paidAmount(order: Order, state: OrderState, totalMinor: number): Json {
  if (isCashOnDelivery(order) || paidAtMs(order, state) === null) return null;
  const paidMinor = order.kind.payment === 'underpaid' ? totalMinor - order.market.priceStep : totalMinor;
  return price(paidMinor, order.market.currency);
}

/** Set for cash on delivery and cancelled payments too: it is no proof of payment (allegro-api#3433). */
function finishedAt(order: Order, state: OrderState): Json {
  const atMs = paidAtMs(order, state) ?? (state.fills > 0 ? state.cancelledAtMs : null);
  return atMs === null ? null : instant(atMs);
}

/** Null until the form is filled in, and so for orders cancelled before that. */
export function paymentSection(order: Order, state: OrderState, totalMinor: number): JsonObject | null {
  if (state.fills === 0) return null;
  const means = MEANS[order.kind.payment ?? 'af'];
  return {
    id: new Random(order.key, 'payment').uuid(),
    type: means.type,
    provider: means.provider,
    finishedAt: finishedAt(order, state),
    paidAmount: paidAmount(order, state, totalMinor),
    reconciliation: order.kind.payment === 'wallet' ? price(order.market.priceStep, order.market.currency) : null,
    features: order.kind.payment === 'allegro-pay' ? ['ALLEGRO_PAY'] : [],
  };
}

export function surcharges(order: Order, state: OrderState): JsonObject[] {
  return state.surchargedAtMs.map((atMs, index) => ({
    id: new Random(order.key, 'surcharge', index).uuid(),
    type: 'ONLINE',
    provider: 'PAYU',
    finishedAt: instant(atMs),
    paidAmount: price(order.market.priceStep * 100, order.market.currency),
    reconciliation: null,
    features: [],
  }));
}

export function codBookedPayments(order: Order, state: OrderState, totalMinor: number): JsonObject[] {
  if (state.codBookedAtMs === null) return [];
  const random = new Random(order.key, 'cod-booked');
  const paidAt = instant(state.codBookedAtMs);
  return [{ paymentId: random.uuid(), shipmentId: random.uuid(), paidAmount: price(totalMinor, order.market.currency), paidAt }];
}
