import { renderEvent } from '../forms/render-event.js';
import type { JsonObject } from '../json.js';
import type { Order } from '../shop/order.js';
import type { SellerShop } from '../shop/seller-shop.js';
import type { Seller } from '../shop/sellers.js';
import type { World } from '../world.js';

/** Something asked of the sandbox that is not there: an unknown seller, order or code. */
export class NotThere extends Error {}

/** What is really in the shops, whatever the answers of the API say. */
export class Truth {
  protected readonly world: World;

  constructor(world: World) {
    this.world = world;
  }

  sellers(): readonly Seller[] {
    return this.world.sellers;
  }

  /** The truth: every form that can be read now, as it is, oldest purchase first. */
  orders(seller?: string): JsonObject[] {
    return this.orderTexts(seller).map((text) => JSON.parse(text) as JsonObject);
  }

  orderTexts(seller?: string): string[] {
    return this.shopOf(seller)
      .current()
      .map((order) => this.world.texts.current(order));
  }

  orderIds(seller?: string): string[] {
    return this.shopOf(seller)
      .current()
      .map((order) => order.id);
  }

  /** Purchases whose form is gone, with the form that replaced each. */
  merged(seller?: string): { id: string; into: string }[] {
    const orders = [...this.shopOf(seller).orders.values()];
    return orders.flatMap((order) => (order.successor === null ? [] : [{ id: order.id, into: order.successor.id }]));
  }

  /** Every event, also those never or not yet shown. */
  journal(seller?: string): JsonObject[] {
    const nowMs = this.world.clock.nowMs();
    return this.shopOf(seller)
      .journal.all()
      .map((event) => ({
        ...renderEvent(event),
        formId: event.order.id,
        visible: event.visibleAtMs <= nowMs,
        hidden: event.visibleAtMs === Number.POSITIVE_INFINITY,
      }));
  }

  /** One order with what lies behind it: its kind, its history, its successor. */
  order(id: string): JsonObject {
    const order = this.find(id).order;
    const life = order.lived.map(({ kind, status, atMs }) => ({ kind, status: status ?? null, at: new Date(atMs).toISOString() }));
    const form = this.world.texts.form(order, order.lived.length);
    return { id, seller: order.seller.id, kind: order.kind.name, life, successor: order.successor?.id ?? null, form };
  }

  /** The kind of each readable order by id, for tests that expect something of a kind. */
  kinds(seller?: string): Record<string, string> {
    return Object.fromEntries(
      this.shopOf(seller)
        .current()
        .map((order) => [order.id, order.kind.name]),
    );
  }

  shopOf(seller?: string): SellerShop {
    return this.world.shop(this.sellerOf(seller));
  }

  protected sellerOf(wanted?: string): Seller {
    const seller = this.world.seller(wanted);
    if (!seller) throw new NotThere(`no seller is called ${String(wanted)}`);
    return seller;
  }

  protected find(id: string): { shop: SellerShop; order: Order } {
    for (const shop of this.world.openShops()) {
      const order = shop.orders.get(id);
      if (order) return { shop, order };
    }
    throw new NotThere(`no order ${id} in the shops visited so far`);
  }
}
