import type { JsonObject } from '../json.js';
import { instant } from '../shop/instants.js';
import type { JournalEvent } from '../shop/journal-event.js';
import { price } from '../shop/money.js';
import { revisionOf } from '../shop/order-state.js';
import type { Order } from '../shop/order.js';
import { buyerReference } from './buyer.js';
import { linesOf, type Line } from './line-items.js';

function eventLine(line: Line): JsonObject {
  const currency = line.order.market.currency;
  return {
    id: line.id,
    offer: { id: line.offerId, name: line.offerName, external: line.externalId === null ? null : { id: line.externalId } },
    quantity: line.quantity,
    originalPrice: price(line.originalMinor, currency),
    price: price(line.unitMinor, currency),
    boughtAt: instant(line.order.boughtAtMs),
  };
}

function orderOf(order: Order, revision: string): JsonObject {
  const content: JsonObject = {
    seller: { id: order.seller.id },
    buyer: buyerReference(order),
    lineItems: linesOf(order).map(eventLine),
    checkoutForm: { id: order.id, revision },
    marketplace: { id: order.market.id },
  };
  if (order.kind.quirks?.includes('event-without-form')) delete content['checkoutForm'];
  return content;
}

/** A journal event as Allegro answers it. */
export function renderEvent(event: JournalEvent): JsonObject {
  return {
    id: String(event.idMicros).padStart(16, '0'),
    order: orderOf(event.order, revisionOf(event.order, event.position)),
    type: event.type,
    occurredAt: instant(event.occurredAtMs),
  };
}
