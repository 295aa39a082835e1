import { Injectable } from '@nestjs/common';
import { isJsonObject, type JsonObject } from '../core/json.js';
import { Database } from '../platform/database/database.js';
import { OrderKeys } from '../platform/vault/order-keys.js';
import { type DocumentChange, documentChanges } from './document-changes.js';
import { orderIdOf } from './group-readings.js';
import { isSameContent, readableForm } from './readable-form.js';

/** A form beside what is held of its order. */
export interface HeldComparison {
  readonly held: JsonObject | null;
  /** From what is held to the form. */
  readonly changes: readonly DocumentChange[];
}

/** What is held of orders, for judging what arrives. */
@Injectable()
export class HeldDocuments {
  constructor(
    private readonly database: Database,
    private readonly keys: OrderKeys,
  ) {}

  /** The merged documents of those of the orders we hold, without the parcels: no form names them. */
  async find(accountId: string, orderIds: readonly string[]): Promise<Map<string, JsonObject>> {
    if (orderIds.length === 0) return new Map();
    const rows = await this.database.query<{ orderId: string; document: JsonObject }>(
      `select s.order_id as "orderId", d.document from event_log.streams s join order_documents d using (stream_id) where s.account_id = $1 and s.order_id = any ($2)`,
      [accountId, orderIds],
    );
    return new Map(rows.map(({ orderId, document: { shipments: _shipments, ...document } }) => [orderId, document]));
  }

  /**
   * Those of the forms that are, to the letter, the one last read of their order: they change nothing, whatever is held of it.
   * Of an order that was put back by a person they say what it was put back from.
   */
  async lastRead(accountId: string, forms: readonly JsonObject[]): Promise<Set<JsonObject>> {
    const named = forms.filter((form) => isJsonObject(form) && orderIdOf(form['id']) !== null);
    const orderIds = named.flatMap(({ id }) => orderIdOf(id) ?? []);
    if (orderIds.length === 0) return new Set();
    const rows = await this.database.query<{ orderId: string; hash: Buffer | null; isErased: boolean }>(
      `select s.order_id as "orderId", s.content_hash as hash, coalesce(k.stream_id is not null and k.wrapped_key is null, false) as "isErased"
       from event_log.streams s left join vault.order_keys k using (stream_id) where s.account_id = $1 and s.order_id = any ($2)`,
      [accountId, orderIds],
    );
    const heads = new Map(rows.map((row) => [row.orderId, row]));
    return new Set(named.filter((form) => this.isLastRead(form, heads.get(orderIdOf(form['id']) ?? ''))));
  }

  private isLastRead(form: JsonObject, head: { orderId: string; hash: Buffer | null; isErased: boolean } | undefined): boolean {
    if (!head) return false;
    const { hash } = readableForm(form, (text) => this.keys.keyedHash('content', `${head.orderId}\n${text}`));
    return isSameContent(head.hash, hash, head.isErased);
  }

  /** What recording the form as it is would change. */
  async compare(accountId: string, orderId: string, form: JsonObject): Promise<HeldComparison> {
    const held = (await this.find(accountId, [orderId])).get(orderId) ?? null;
    return { held, changes: documentChanges(held ?? {}, form) };
  }

  /** Up to `limit` ids of orders bought between two instants, both exclusive. */
  async boughtBetween(accountId: string, span: { from: Date; to: Date }, limit: number): Promise<string[]> {
    const rows = await this.database.query<{ orderId: string }>(
      `select order_id as "orderId" from orders where account_id = $1 and ordered_at > $2 and ordered_at < $3 order by ordered_at limit $4`,
      [accountId, span.from, span.to, limit],
    );
    return rows.map((row) => row.orderId);
  }

  /** When the form of the order that was seen last was fetched; null when we hold none. */
  async seenAt(accountId: string, orderId: string): Promise<Date | null> {
    const [row] = await this.database.query<{ seenAt: Date | null }>(
      `select (d.fold -> 'seller' -> 'stamp' ->> 'observedAt')::timestamptz as "seenAt"
       from event_log.streams s join order_documents d using (stream_id) where s.account_id = $1 and s.order_id = $2`,
      [accountId, orderId],
    );
    return row?.seenAt ?? null;
  }
}
