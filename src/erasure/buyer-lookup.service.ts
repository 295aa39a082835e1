import { Injectable } from '@nestjs/common';
import type { JsonObject } from '../core/json.js';
import { EventReader } from '../platform/event-log/event-reader.js';
import type { BuyerTraits } from '../platform/erasure/forgotten-buyer.js';
import { buyerReferences, namedBuyer, type NamedBuyer, orderReference } from '../platform/vault/buyer-reference.js';
import { OrderKeys } from '../platform/vault/order-keys.js';
import { orderNotFound } from '../technical-flags/flags.errors.js';
import { BuyersOrders } from './buyers-orders.read-model.js';
import { traitsOf } from './buyer-traits.js';

/** How a buyer is named: by an order of theirs, by what Allegro calls them, or (by the list) by references alone. */
export interface WantedBuyer {
  readonly orderIds: readonly string[];
  readonly named: NamedBuyer | null;
  readonly references: readonly Buffer[];
}

export interface FoundBuyer {
  readonly references: readonly Buffer[];
  readonly traits: BuyerTraits;
}

/** Finds out what a buyer is recognised by, from the orders we hold; reads only. */
@Injectable()
export class BuyerLookup {
  constructor(
    private readonly reader: EventReader,
    private readonly keys: OrderKeys,
    private readonly orders: BuyersOrders,
  ) {}

  /**
   * Follows the buyer through their orders: one may tell an e-mail by which another, bought as a guest, is found.
   * @throws Problem ORDER_NOT_FOUND (404) when an order that is named is not held
   */
  async find(accountId: string, wanted: WantedBuyer): Promise<FoundBuyer> {
    const trail = new Trail(accountId, this.keys);
    trail.addReferences([...wanted.references, ...wanted.orderIds.map((orderId) => orderReference(this.keys, accountId, orderId))]);
    if (wanted.named) trail.addBuyer(wanted.named);
    const first = wanted.named ? await this.orders.searched(accountId, wanted.named) : [];
    let next: readonly string[] = [...wanted.orderIds, ...first];
    while (next.length > 0) {
      for (const orderId of next) await this.follow(trail, accountId, orderId);
      next = (await this.orders.referredTo(accountId, trail.references)).filter((orderId) => !trail.hasRead(orderId));
    }
    return { references: trail.references, traits: trail.traits(wanted.named) };
  }

  /** As {@link find}, beginning with what the references alone lead to. */
  async findByReferences(accountId: string, references: readonly Buffer[], orderIds: readonly string[]): Promise<FoundBuyer> {
    const known = [...orderIds, ...(await this.orders.referredTo(accountId, references))];
    const held = await this.orders.held(accountId, known);
    return this.find(accountId, { orderIds: held, named: null, references });
  }

  private async follow(trail: Trail, accountId: string, orderId: string): Promise<void> {
    const events = await this.reader.stream(accountId, orderId);
    if (events.length === 0) throw orderNotFound();
    trail.addOrder(
      orderId,
      events.map(({ payload }) => payload),
    );
  }
}

class Trail {
  private readonly found = new Map<string, Buffer>();
  private readonly read = new Set<string>();
  private readonly documents: JsonObject[] = [];
  private readonly ids: string[] = [];

  constructor(
    private readonly accountId: string,
    private readonly keys: OrderKeys,
  ) {}

  get references(): Buffer[] {
    return [...this.found.values()];
  }

  addReferences(references: readonly Buffer[]): void {
    for (const reference of references) this.found.set(reference.toString('hex'), reference);
  }

  addBuyer(buyer: NamedBuyer): void {
    this.addReferences(buyerReferences(this.keys, this.accountId, buyer));
    if (buyer.id !== null) this.ids.push(buyer.id);
  }

  addOrder(orderId: string, documents: readonly JsonObject[]): void {
    this.read.add(orderId);
    this.documents.push(...documents);
    for (const document of documents) {
      const buyer = namedBuyer(document);
      if (buyer) this.addBuyer(buyer);
    }
  }

  hasRead(orderId: string): boolean {
    return this.read.has(orderId);
  }

  traits(named: NamedBuyer | null): BuyerTraits {
    const asked: JsonObject[] = named ? [{ buyer: { email: named.email, login: named.login } }] : [];
    return traitsOf([...asked, ...this.documents], this.ids);
  }
}
