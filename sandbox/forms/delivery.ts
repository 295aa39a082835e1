import type { Json, JsonObject } from '../json.js';
import { Random, hashOf } from '../random.js';
import { bareInstant, DAY_MS, instant } from '../shop/instants.js';
import { inMarket, price } from '../shop/money.js';
import type { OrderState } from '../shop/order-state.js';
import type { Order } from '../shop/order.js';
import { personOf } from '../shop/people.js';
import { buyerPerson } from './buyer.js';

interface Method {
  readonly id: string;
  readonly name: string;
  readonly groszy: number;
  readonly point: boolean;
}

const LOCKER: Method = { id: '11111111-6c9b-4f31-9a5f-3d2a10c0a001', name: 'Automat paczkowy „Skrzynka”', groszy: 999, point: true };
const POINT: Method = { id: '22222222-6c9b-4f31-9a5f-3d2a10c0a002', name: 'Punkt odbioru Żabi Skok', groszy: 1_099, point: true };
const COURIER: Method = { id: '33333333-6c9b-4f31-9a5f-3d2a10c0a003', name: 'Kurier Wiatr', groszy: 1_499, point: false };
const PERSONAL: Method = { id: '44444444-6c9b-4f31-9a5f-3d2a10c0a004', name: 'Odbiór osobisty', groszy: 0, point: false };
const CHOSEN = { locker: LOCKER, point: POINT, courier: COURIER, personal: PERSONAL, 'stale-point': COURIER } as const;

/** A buyer who fills the form a second time has changed the method of delivery. */
function methodOf(order: Order, state: OrderState): Method {
  const trait = order.kind.delivery ?? (hashOf(order.key, 'method') % 5 === 0 ? 'courier' : 'locker');
  if (trait === 'changed-method') return state.fills > 1 ? LOCKER : COURIER;
  return CHOSEN[trait];
}

/** What delivery costs; nothing before a method is chosen. */
export function deliveryMinor(order: Order, state: OrderState): number {
  if (state.fills === 0) return 0;
  const method = methodOf(order, state);
  return method.groszy === 0 || isSmart(order) ? 0 : inMarket(method.groszy, order.market);
}

function isSmart(order: Order): boolean {
  return hashOf(order.key, 'smart') % 4 === 0;
}

/** Absent until the order may be processed, and gone again once it is cancelled. */
function address(order: Order, state: OrderState): Json {
  if (state.readyAtMs === null || state.cancelledAtMs !== null) return null;
  const modified = state.addressModifiedAtMs;
  const elsewhere = modified !== null || hashOf(order.key, 'gift') % 10 === 0;
  const person = elsewhere ? personOf(order.market.country, order.key, 'recipient', modified === null ? 0 : 1) : buyerPerson(order);
  return {
    firstName: person.firstName,
    lastName: person.lastName,
    street: person.street,
    city: person.city,
    zipCode: person.zipCode,
    countryCode: order.market.country,
    companyName: person.company,
    phoneNumber: person.phone,
    modifiedAt: modified === null ? null : instant(modified),
  };
}

function pickupPoint(order: Order, method: Method): Json {
  if (!method.point && order.kind.delivery !== 'stale-point') return null;
  const random = new Random(order.key, 'point');
  const place = personOf(order.market.country, order.key, 'point');
  return {
    id: `${random.text(3, 'ABCDEFGHKLMNPRSTUWZ')}${random.digits(2)}${random.text(1, 'AMN')}`,
    name: method.name,
    description: random.chance(0.5) ? null : 'Przy sklepie „Pod Źrebakiem”, wejście od podwórza',
    address: { street: place.street, zipCode: place.zipCode, city: place.city, countryCode: order.market.country },
  };
}

function time(state: OrderState): JsonObject {
  if (state.readyAtMs === null) return { from: null, to: null, guaranteed: null, dispatch: null };
  const midnight = Math.ceil(state.readyAtMs / DAY_MS) * DAY_MS - 2 * 3_600_000;
  return {
    from: bareInstant(midnight + 2 * DAY_MS),
    to: bareInstant(midnight + 3 * DAY_MS - 1),
    guaranteed: null,
    dispatch: { from: bareInstant(midnight), to: bareInstant(midnight + DAY_MS - 1) },
  };
}

export function deliverySection(order: Order, state: OrderState): JsonObject | null {
  if (state.fills === 0) return null;
  const method = methodOf(order, state);
  return {
    address: address(order, state),
    method: { id: method.id, name: method.name },
    pickupPoint: pickupPoint(order, method),
    cost: price(deliveryMinor(order, state), order.market.currency),
    time: time(state),
    smart: isSmart(order),
    calculatedNumberOfPackages: state.readyAtMs === null ? null : 1,
    cancellation: null,
  };
}
