import { renderEvent } from '../forms/render-event.js';
import type { Exchange } from '../http/exchange.js';
import { allegroJson, type Reply } from '../http/reply.js';
import { objectAt, type JsonObject } from '../json.js';
import { instant } from '../shop/instants.js';
import type { SellerShop } from '../shop/seller-shop.js';
import type { World } from '../world.js';
import { wholeNumber } from './parameters.js';

/** An id nobody could have read from us begins the journal anew, as Allegro does without a word (allegro-api#11307). */
function cursor(exchange: Exchange): number {
  const from = exchange.query.get('from') ?? '';
  return /^\d{1,16}$/.test(from) ? Number(from) : 0;
}

/** GET /order/events: strictly after `from`, oldest first, 100 unless told, at most 1,000. */
export function listEvents(world: World, shop: SellerShop, exchange: Exchange): Reply {
  const limit = wholeNumber(exchange, 'limit', { smallest: 1, greatest: 1_000, fallback: 100 });
  const types = exchange.query.getAll('type');
  const nowMs = world.clock.nowMs();
  const page = shop.journal.page({ fromMicros: cursor(exchange), limit, types: types.length === 0 ? null : new Set(types), nowMs });
  const sellerId = world.corruption.sellerIdOf(shop.seller.id);
  const events = page.map((event): JsonObject => {
    const rendered = renderEvent(event);
    const seller = objectAt(objectAt(rendered, 'order') ?? {}, 'seller');
    if (seller) seller['id'] = sellerId;
    return rendered;
  });
  return allegroJson(200, { events: world.corruption.applyToJournal(events, shop.seller.id) });
}

/** GET /order/event-stats: `latestEvent` is absent where the journal is empty. */
export function eventStats(world: World, shop: SellerShop): Reply {
  const latest = shop.journal.latest(world.clock.nowMs());
  if (latest === null) return allegroJson(200, {});
  const latestEvent = { id: String(latest.idMicros), occurredAt: instant(latest.occurredAtMs) };
  return allegroJson(200, { latestEvent });
}
