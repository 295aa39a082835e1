import { shipmentsOf } from '../forms/shipments.js';
import { formNotFound } from '../http/error-replies.js';
import type { Exchange } from '../http/exchange.js';
import { ALLEGRO_JSON, reply, type Reply } from '../http/reply.js';
import { stateOf } from '../shop/order-state.js';
import type { SellerShop } from '../shop/seller-shop.js';
import type { World } from '../world.js';
import { answeredSteps } from './answered-version.js';
import { failure } from './one-form.js';

/** GET /order/checkout-forms/{id}/shipments: the parcel numbers of the order so far. */
export function shipments(world: World, shop: SellerShop, exchange: Exchange): Reply {
  const id = exchange.params['id'] ?? '';
  const order = shop.readable(id);
  if (order === null) return formNotFound(id);
  const answer = shipmentsOf(order, stateOf(order, answeredSteps(world, order, exchange.turn)), world.waybills.get(order.id) ?? []);
  return failure(world, order) ?? reply(200, ALLEGRO_JSON, JSON.stringify(answer));
}
