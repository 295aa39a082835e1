import { isJsonObject, type JsonObject, type JsonValue } from '../core/json.js';

/** Allegro's largest page of journal events. */
export const EVENTS_PER_PAGE = 1000;

/** Seller-side changes move the revision unreliably, so these types always mean a new reading of the form. */
const ALWAYS_READ_AGAIN = new Set(['FULFILLMENT_STATUS_CHANGED', 'BUYER_MODIFIED']);

/** An order some journal events mention; `revision` is the one of the newest of them. */
export interface MentionedOrder {
  readonly orderId: string;
  readonly revision: string | null;
  readonly readAgain: boolean;
}

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/** The id of an event as Allegro gave it, or null where it has none. */
export function eventId(event: JsonValue): string | null {
  if (!isJsonObject(event)) return null;
  return typeof event.id === 'number' ? String(event.id) : textOf(event.id);
}

/** Compares event ids as the numbers they are: ids of more digits sort wrongly as text. */
export function isNewerEvent(id: string, than: string | null): boolean {
  if (than === null) return true;
  if (/^\d+$/.test(id) && /^\d+$/.test(than)) return BigInt(id) > BigInt(than);
  return id > than;
}

/** The newest id of a page; null when no event of it has one. */
export function newestEventId(events: readonly JsonValue[]): string | null {
  return events.map(eventId).reduce<string | null>((newest, id) => (id !== null && isNewerEvent(id, newest) ? id : newest), null);
}

/** A page that is not full reaches the end of the journal. */
export function isLastPage(events: readonly JsonValue[]): boolean {
  return events.length < EVENTS_PER_PAGE;
}

/** The order an event is about, in lower case as Allegro's form addresses want it; null for an event without a form. */
export function orderOfEvent(event: JsonValue): { orderId: string; revision: string | null } | null {
  const order = isJsonObject(event) && isJsonObject(event.order) ? event.order : null;
  const form = order && isJsonObject(order.checkoutForm) ? order.checkoutForm : null;
  const id = textOf(form?.id);
  return id === null ? null : { orderId: id.toLowerCase(), revision: textOf(form?.revision) };
}

/** The orders a page of events mentions, each once, with the revision of its newest event. */
export function mentionedOrders(events: readonly JsonValue[]): MentionedOrder[] {
  const mentioned = new Map<string, MentionedOrder>();
  for (const event of events) {
    const about = orderOfEvent(event);
    if (!about) continue;
    const readAgain = (mentioned.get(about.orderId)?.readAgain ?? false) || ALWAYS_READ_AGAIN.has(textOf((event as JsonObject).type) ?? '');
    mentioned.set(about.orderId, { ...about, readAgain });
  }
  return [...mentioned.values()];
}

/** The line items of events that name no form: by them the form can still be found, since a line item survives everything. */
export function itemsWithoutForm(events: readonly JsonValue[]): string[] {
  const orders = events.filter(isJsonObject).flatMap((event) => (orderOfEvent(event) === null ? [event.order] : []));
  return orders.flatMap((order) => (isJsonObject(order) ? lineItemIds(order) : []));
}

/** Ids of the line items of a form or of a journal event's order. */
export function lineItemIds(order: JsonObject): string[] {
  const items = Array.isArray(order.lineItems) ? order.lineItems.filter(isJsonObject) : [];
  return items.flatMap((item) => textOf(item.id) ?? []);
}

/** Whether the form has to be read: always, unless the revision the event names is the one we hold. */
export function mustRead(order: MentionedOrder, heldRevision: string | null): boolean {
  return order.readAgain || order.revision === null || order.revision !== heldRevision;
}
