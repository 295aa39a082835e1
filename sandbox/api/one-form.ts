import { formNotFound, invalid, serverError } from '../http/error-replies.js';
import type { Exchange } from '../http/exchange.js';
import { ALLEGRO_JSON, reply, type Reply } from '../http/reply.js';
import type { Order } from '../shop/order.js';
import type { SellerShop } from '../shop/seller-shop.js';
import type { World } from '../world.js';
import { answeredSteps } from './answered-version.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** An order that always fails, by hand or by the share of orders that do. */
export function failure(world: World, order: Order): Reply | null {
  const fixed = world.orderFaults.get(order.id);
  if (fixed === 'poison' || world.faults.strikes('poison', order.key)) return serverError(500);
  if (fixed === 'missing' || world.faults.strikes('missing', order.key)) return formNotFound(order.id);
  return null;
}

/** GET /order/checkout-forms/{id}: ids are lower case, another seller's are as good as unknown. */
export function oneForm(world: World, shop: SellerShop, exchange: Exchange): Reply {
  const id = exchange.params['id'] ?? '';
  if (!UUID.test(id)) return invalid(exchange.path, 'Checkout form id is not a UUID');
  const order = shop.readable(id);
  if (order === null) return formNotFound(id);
  const text = world.texts.text(order, answeredSteps(world, order, exchange.turn));
  return failure(world, order) ?? reply(200, ALLEGRO_JSON, world.corruption.apply(text, shop.seller.id));
}
