import { accessDenied } from '../http/error-replies.js';
import type { Exchange, Route } from '../http/exchange.js';
import type { Reply } from '../http/reply.js';
import type { SellerShop } from '../shop/seller-shop.js';
import type { World } from '../world.js';
import { listForms } from './forms-list.js';
import { eventStats, listEvents } from './journal-reads.js';
import { me } from './me.js';
import { oneForm } from './one-form.js';
import { shipments } from './shipments.js';

const ORDERS_READ = 'allegro:api:orders:read';
const PROFILE_READ = 'allegro:api:profile:read';

type ShopHandler = (shop: SellerShop, exchange: Exchange) => Reply;

/** The routes of Allegro's API that the sandbox knows: reads of the seller's own profile, journal and orders. */
export function apiRoutes(world: World): readonly Route[] {
  const route = (path: string, scope: string, handle: ShopHandler): Route => ({
    method: 'GET',
    path,
    access: 'seller',
    handle: (exchange) => {
      const { session } = exchange;
      if (!session?.seller || !session.scopes.includes(scope)) return accessDenied();
      return handle(world.shop(session.seller), exchange);
    },
  });
  return [
    route('/me', PROFILE_READ, (shop) => me(shop.seller)),
    route('/order/events', ORDERS_READ, (shop, exchange) => listEvents(world, shop, exchange)),
    route('/order/event-stats', ORDERS_READ, (shop) => eventStats(world, shop)),
    route('/order/checkout-forms', ORDERS_READ, (shop, exchange) => listForms(world, shop, exchange)),
    route('/order/checkout-forms/{id}', ORDERS_READ, (shop, exchange) => oneForm(world, shop, exchange)),
    route('/order/checkout-forms/{id}/shipments', ORDERS_READ, (shop, exchange) => shipments(world, shop, exchange)),
  ];
}
