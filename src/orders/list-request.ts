import { readCursor, type Sign, writeCursor } from '../core/signed-cursor.js';
import type { FilterColumn, ListPage, ListSort, OrderFilter } from './order-list-query.js';
import type { OrderPageQuery } from './orders.dto.js';

type Place = NonNullable<ListPage['after']>;

/** The place a cursor names in a list of this order; undefined when the cursor is not one of it. */
function placeOf(cursor: string, sort: ListSort, sign: Sign): Place | undefined {
  const place = readCursor(cursor, sign);
  if (!Array.isArray(place)) return undefined;
  const [sorted, sortedAt, streamId] = place;
  return sorted === sort && typeof sortedAt === 'string' && typeof streamId === 'string' ? { sortedAt, streamId } : undefined;
}

/** The page a query asks for; null when its cursor was not written by us for the same list. */
export function pageOf({ limit, offset, sort = 'bought', cursor }: OrderPageQuery, sign: Sign): (ListPage & { readonly sort: ListSort }) | null {
  if (cursor === undefined) return { limit, offset, sort };
  const after = placeOf(cursor, sort, sign);
  return after ? { limit, offset: 0, sort, after } : null;
}

export function cursorOf(place: Place, sort: ListSort, sign: Sign): string {
  return writeCursor([sort, place.sortedAt, place.streamId], sign);
}

const orNull = <T>(value: T | undefined): T | null => value ?? null;

function columnsOf(query: OrderPageQuery): Partial<Record<FilterColumn, string>> {
  const { order_status: status, fulfillment_status, marketplace, payment_type, delivery_method } = query;
  const asked = Object.entries({ status, fulfillment_status, marketplace, payment_type, delivery_method });
  return Object.fromEntries(asked.filter(([, value]) => value !== undefined));
}

export function filterOf(query: OrderPageQuery): OrderFilter {
  return {
    status: orNull(query.status),
    from: orNull(query.from_date),
    to: orNull(query.to_date),
    stockUpdated: orNull(query.stock_updated),
    invoiceCreated: orNull(query.invoice_created),
    invoiceId: orNull(query.invoice_id),
    columns: columnsOf(query),
    dispatchFrom: orNull(query.dispatch_from),
    dispatchTo: orNull(query.dispatch_to),
  };
}

/** What a list was filtered by: the members clients of old read, always, and the others where they were asked for. */
export function filtersEcho(query: OrderPageQuery) {
  const { status, from, to, stockUpdated, invoiceCreated, invoiceId } = filterOf(query);
  const { order_status, fulfillment_status, marketplace, payment_type, delivery_method, dispatch_from, dispatch_to, sort } = query;
  return {
    ...{ status, from_date: from, to_date: to, stock_updated: stockUpdated, invoice_created: invoiceCreated, invoice_id: invoiceId },
    ...{ order_status, fulfillment_status, marketplace, payment_type, delivery_method, dispatch_from, dispatch_to, sort },
  };
}
