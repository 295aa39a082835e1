import { parseInstant } from '../core/instant.js';
import type { JsonObject, JsonValue } from '../core/json.js';
import type { OrderContent } from './order.js';
import { valueAt } from './protected-paths.js';

/** The columns lists filter and sort by, derived from the document. Times are ISO text, amounts decimal text. */
export interface OrderColumns {
  readonly status: string | null;
  readonly fulfillment_status: string | null;
  readonly payment_type: string | null;
  readonly delivery_method: string | null;
  readonly marketplace: string | null;
  readonly buyer_login: string | null;
  readonly buyer_email: string | null;
  readonly buyer_name: string | null;
  readonly total_amount: string | null;
  readonly total_currency: string | null;
  readonly ordered_at: string;
  readonly dispatch_by: string | null;
  readonly allegro_updated_at: string | null;
  readonly revision: string | null;
}

/** What a column of text may hold: PostgreSQL stores neither NUL nor half a surrogate pair (the document keeps both, escaped). */
export function columnText(value: JsonValue | undefined): string | null {
  if (typeof value !== 'string') return null;
  const stored = value.replaceAll('\0', '').toWellFormed();
  return stored === '' ? null : stored;
}

const at = (document: JsonObject, path: string) => valueAt(document, { path, keys: path.split('.') });
const textAt = (document: JsonObject, path: string) => columnText(at(document, path));
const instantAt = (document: JsonObject, path: string) => parseInstant(at(document, path))?.toISOString() ?? null;

/** Plain decimals only: "1e3", "12,50" or "007" stay in the document, exactly as Allegro wrote them. Longer ones are no money. */
const DECIMAL = /^-?(?:0|[1-9]\d{0,17})(?:\.\d{1,9})?$/;

/** The text of an amount; null for what is no plain decimal. */
export function decimalOf(value: JsonValue | undefined): string | null {
  const amount = typeof value === 'number' ? String(value) : value;
  return typeof amount === 'string' && DECIMAL.test(amount) ? amount : null;
}

/** When the latest of the line items was bought: the date Allegro's own list filters by. */
function latestBoughtAt(document: JsonObject): string | null {
  const items = document['lineItems'];
  if (!Array.isArray(items)) return null;
  const instants = items.map((item) => instantAt({ item }, 'item.boughtAt')).filter((instant) => instant !== null);
  return instants.reduce<string | null>((latest, instant) => (latest === null || instant > latest ? instant : latest), null);
}

function buyerName(document: JsonObject): string | null {
  const names = [textAt(document, 'buyer.firstName'), textAt(document, 'buyer.lastName')].filter((name) => name !== null);
  return names.length > 0 ? names.join(' ') : textAt(document, 'buyer.companyName');
}

export function orderColumns(document: JsonObject, { firstSeenAt }: Pick<OrderContent, 'firstSeenAt'>): OrderColumns {
  return {
    status: textAt(document, 'status'),
    fulfillment_status: textAt(document, 'fulfillment.status'),
    payment_type: textAt(document, 'payment.type'),
    delivery_method: textAt(document, 'delivery.method.name') ?? textAt(document, 'delivery.method.id'),
    marketplace: textAt(document, 'marketplace.id'),
    buyer_login: textAt(document, 'buyer.login'),
    buyer_email: textAt(document, 'buyer.email'),
    buyer_name: buyerName(document),
    total_amount: decimalOf(at(document, 'summary.totalToPay.amount')),
    total_currency: textAt(document, 'summary.totalToPay.currency'),
    ordered_at: latestBoughtAt(document) ?? firstSeenAt,
    dispatch_by: instantAt(document, 'delivery.time.dispatch.to'),
    allegro_updated_at: instantAt(document, 'updatedAt'),
    revision: textAt(document, 'revision'),
  };
}
