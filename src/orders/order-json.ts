import type { KeptValue } from './merge-order.js';

/** An order as answered: its document as stored JSON text, and what is ours beside it. Times are ISO text. */
export interface OrderView {
  readonly streamId: string;
  readonly orderId: string;
  readonly version: number;
  /** JSON text of an object, passed through unparsed. */
  readonly document: string;
  readonly kept: readonly KeptValue[];
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly isStockUpdated: boolean;
  readonly hasInvoiceCreated: boolean;
  readonly invoiceId: string | null;
  /** The order that replaced it when several purchases were paid together. */
  readonly mergedInto: string | null;
  /** The orders it replaced. */
  readonly mergedFrom: readonly string[];
  /** Their flags disagreed: a person has to look. */
  readonly attention: boolean;
}

/** Our members of the answer; they come last, so that they win over members of the same name in Allegro's document. */
function ownMembers(view: OrderView, tokenId: string | null) {
  return {
    db_id: view.streamId,
    token_id: tokenId,
    allegro_order_id: view.orderId,
    db_created_at: view.createdAt,
    db_updated_at: view.updatedAt,
    technical_flags: { is_stock_updated: view.isStockUpdated, has_invoice_created: view.hasInvoiceCreated, invoice_id: view.invoiceId },
    version: view.version,
    kept: view.kept,
    merged_into: view.mergedInto,
    merged_from: view.mergedFrom,
    attention: view.attention,
  };
}

/** The JSON of one order: the document's own text with our members appended. */
export function orderJson(view: OrderView, tokenId: string | null): string {
  const members = view.document.slice(0, view.document.lastIndexOf('}')).trimEnd();
  const separator = members.endsWith('{') ? '' : ',';
  return `${members}${separator}${JSON.stringify(ownMembers(view, tokenId)).slice(1)}`;
}

/** The JSON of an order with how well it matches what was searched, 0 to 1. */
export function withRelevance(json: Buffer, score: number): Buffer {
  return Buffer.concat([json.subarray(0, -1), Buffer.from(`,"relevance_score":${JSON.stringify(score)}}`)]);
}

/** One order, also in the shape of a list for readers that know only lists. */
export function oneOrderJson(view: OrderView, tokenId: string): string {
  const order = orderJson(view, tokenId);
  const pagination = JSON.stringify({ total: 1, limit: 1, offset: 0, has_next: false, has_prev: false });
  return `{"success":true,"order":${order},"orders":[${order}],"pagination":${pagination}}`;
}

export interface PageOfOrders {
  /** The JSON of each, UTF-8. */
  readonly orders: readonly Buffer[];
  readonly total: number;
  readonly limit: number;
  readonly offset: number;
}

/** An order of which only these members are answered. */
function sparseJson(json: Buffer, fields: readonly string[] | null): Buffer {
  if (!fields) return json;
  const order = JSON.parse(json.toString()) as Record<string, unknown>;
  return Buffer.from(JSON.stringify(Object.fromEntries(fields.filter((field) => Object.hasOwn(order, field)).map((field) => [field, order[field]]))));
}

const COMMA = Buffer.from(',');

function joined(parts: readonly Buffer[]): Buffer[] {
  return parts.flatMap((part, index) => (index === 0 ? [part] : [COMMA, part]));
}

interface ListShape {
  /** The top-level members to answer; null: all. */
  readonly fields?: readonly string[] | null;
  /** Cursor of the next page; null on the last one. */
  readonly nextCursor?: string | null;
  /** Whether orders stand before this page, where the offset does not tell. */
  readonly hasPrevious?: boolean;
}

/** A page of a list in UTF-8; `filters` echoes what was asked for. Bytes, because a text of this length would be encoded anew for every answer. */
export function orderListJson(page: PageOfOrders, filters: object, shape: ListShape = {}): Buffer {
  const { total, limit, offset } = page;
  const { fields = null, nextCursor, hasPrevious = offset > 0 } = shape;
  const hasNext = nextCursor === undefined ? offset + page.orders.length < total : nextCursor !== null;
  const pagination = JSON.stringify({ total, limit, offset, has_next: hasNext, has_prev: hasPrevious });
  const orders = joined(page.orders.map((order) => sparseJson(order, fields)));
  const next = nextCursor === undefined ? '' : `,"next_cursor":${JSON.stringify(nextCursor)}`;
  const rest = `],"pagination":${pagination},"filters":${JSON.stringify(filters)}${next}}`;
  return Buffer.concat([Buffer.from('{"success":true,"orders":['), ...orders, Buffer.from(rest)]);
}
