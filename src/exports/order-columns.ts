import { parseInstant } from '../core/instant.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../core/json.js';
import { formulaSafe } from './csv.js';

interface Column {
  readonly name: string;
  readonly cell: (order: JsonObject) => string;
}

/** A number with all its digits, as Allegro writes amounts. */
const DECIMAL = /^-?\d{1,30}(?:\.\d{1,30})?$/;

/** The value at a path of members, e.g. `buyer.login`; null where one is missing. */
function valueAt(path: string): (order: JsonObject) => JsonValue {
  const members = path.split('.');
  return (order) => {
    let value: JsonValue = order;
    for (const member of members) {
      if (!isJsonObject(value) || !Object.hasOwn(value, member)) return null;
      value = value[member] ?? null;
    }
    return value;
  };
}

function plainText(value: JsonValue): string {
  if (value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

const safeText = (value: JsonValue): string => formulaSafe(plainText(value));

/** Digits as they came, never through a floating point number; anything else is a text. */
function decimal(value: JsonValue): string {
  return typeof value === 'string' && DECIMAL.test(value) ? value : typeof value === 'number' ? String(value) : safeText(value);
}

/** In UTC with milliseconds; what is no instant stays a text. */
function utc(value: JsonValue): string {
  return parseInstant(value)?.toISOString() ?? safeText(value);
}

function column(name: string, path: string, written: (value: JsonValue) => string): Column {
  const at = valueAt(path);
  return { name, cell: (order) => written(at(order)) };
}

const text = (name: string, path: string): Column => column(name, path, safeText);
const amount = (name: string, path: string): Column => column(name, path, decimal);
const time = (name: string, path: string): Column => column(name, path, utc);
const money = (name: string, path: string): Column[] => [amount(`${name}_amount`, `${path}.amount`), text(`${name}_currency`, `${path}.currency`)];

function lineItems(order: JsonObject): JsonObject[] {
  const items = order['lineItems'];
  return Array.isArray(items) ? items.filter(isJsonObject) : [];
}

/** When the latest of the items was bought. */
function boughtAt(order: JsonObject): string {
  const instants = lineItems(order).flatMap((item) => parseInstant(item['boughtAt'])?.toISOString() ?? []);
  return instants.sort().at(-1) ?? '';
}

function quantity(order: JsonObject): string {
  const counts = lineItems(order).map((item) => item['quantity']);
  const total = counts.reduce<number>((sum, count) => sum + (typeof count === 'number' ? count : 0), 0);
  return String(total);
}

const offerName = valueAt('offer.name');
const offerId = valueAt('offer.id');

/** `2 x Brick set (7000000001)` of each item. */
function offers(order: JsonObject): string {
  const named = lineItems(order).map((item) => `${plainText(item['quantity'] ?? null)} x ${plainText(offerName(item))} (${plainText(offerId(item))})`);
  return formulaSafe(named.join(' | '));
}

/** The columns of the CSV. Programs read them by name and people by place: new ones are added at the end, none is renamed or moved. */
export const ORDER_COLUMNS: readonly Column[] = [
  text('order_id', 'allegro_order_id'),
  { name: 'bought_at', cell: boughtAt },
  text('status', 'status'),
  text('fulfillment_status', 'fulfillment.status'),
  text('marketplace', 'marketplace.id'),
  ...money('total', 'summary.totalToPay'),
  text('payment_type', 'payment.type'),
  text('payment_provider', 'payment.provider'),
  time('paid_at', 'payment.finishedAt'),
  ...money('paid', 'payment.paidAmount'),
  text('buyer_id', 'buyer.id'),
  text('buyer_login', 'buyer.login'),
  text('buyer_email', 'buyer.email'),
  text('buyer_first_name', 'buyer.firstName'),
  text('buyer_last_name', 'buyer.lastName'),
  text('buyer_company', 'buyer.companyName'),
  text('buyer_phone', 'buyer.phoneNumber'),
  text('delivery_method', 'delivery.method.name'),
  ...money('delivery_cost', 'delivery.cost'),
  text('delivery_first_name', 'delivery.address.firstName'),
  text('delivery_last_name', 'delivery.address.lastName'),
  text('delivery_company', 'delivery.address.companyName'),
  text('delivery_street', 'delivery.address.street'),
  text('delivery_zip_code', 'delivery.address.zipCode'),
  text('delivery_city', 'delivery.address.city'),
  text('delivery_country', 'delivery.address.countryCode'),
  text('delivery_phone', 'delivery.address.phoneNumber'),
  text('pickup_point_id', 'delivery.pickupPoint.id'),
  text('pickup_point_name', 'delivery.pickupPoint.name'),
  time('dispatch_from', 'delivery.time.dispatch.from'),
  time('dispatch_by', 'delivery.time.dispatch.to'),
  text('invoice_required', 'invoice.required'),
  text('invoice_company', 'invoice.address.company.name'),
  text('invoice_tax_id', 'invoice.address.company.taxId'),
  { name: 'line_items', cell: (order) => String(lineItems(order).length) },
  { name: 'quantity', cell: quantity },
  { name: 'offers', cell: offers },
  text('message_to_seller', 'messageToSeller'),
  text('note', 'note.text'),
  text('is_stock_updated', 'technical_flags.is_stock_updated'),
  text('has_invoice_created', 'technical_flags.has_invoice_created'),
  text('invoice_id', 'technical_flags.invoice_id'),
  text('merged_into', 'merged_into'),
  text('version', 'version'),
  time('created_at', 'db_created_at'),
  time('updated_at', 'db_updated_at'),
];
