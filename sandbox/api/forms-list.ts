import type { Exchange } from '../http/exchange.js';
import { ALLEGRO_JSON, reply, type Reply } from '../http/reply.js';
import type { Order } from '../shop/order.js';
import { FORM_RETENTION_MS, type SellerShop } from '../shop/seller-shop.js';
import type { World } from '../world.js';
import { answeredSteps } from './answered-version.js';
import { formQuery, type FormQuery } from './form-query.js';

function select(shop: SellerShop, query: FormQuery): { page: Order[]; total: number } {
  const oldestMs = shop.clock.nowMs() - FORM_RETENTION_MS;
  const sorted = shop.sorted(query.sortBy);
  const page: Order[] = [];
  let total = 0;
  for (let index = 0; index < sorted.length; index += 1) {
    const order = sorted[query.newestFirst ? sorted.length - 1 - index : index];
    if (!order || order.boughtAtMs < oldestMs || !query.matches(order)) continue;
    if (total >= query.offset && page.length < query.limit) page.push(order);
    total += 1;
  }
  return { page, total };
}

/** GET /order/checkout-forms. Forms are joined as text: a page of 100 costs no parsing. */
export function listForms(world: World, shop: SellerShop, exchange: Exchange): Reply {
  const query = formQuery(exchange, (order) => world.texts.form(order, order.lived.length));
  const { page, total } = select(shop, query);
  const texts = page.map((order) => {
    const text = world.texts.text(order, answeredSteps(world, order, exchange.turn));
    return world.corruption.apply(text, shop.seller.id);
  });
  const counts = `"count":${String(page.length)},"totalCount":${String(total)}`;
  return reply(200, ALLEGRO_JSON, `{"checkoutForms":[${texts.join(',')}],${counts}}`);
}
