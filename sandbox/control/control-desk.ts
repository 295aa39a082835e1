import { CORRUPTIONS, type CorruptionKind } from '../faults/corruption.js';
import { renderEvent } from '../forms/render-event.js';
import type { SandboxStats } from '../http/stats.js';
import type { JsonObject } from '../json.js';
import { kindNamed } from '../shop/kinds.js';
import type { Order } from '../shop/order.js';
import { arrive, buy } from '../shop/present.js';
import type { SellerShop } from '../shop/seller-shop.js';
import type { Seller } from '../shop/sellers.js';
import type { OrderFault, World } from '../world.js';
import { change, type OrderChange } from './changes.js';

export interface NewOrders {
  readonly seller?: string;
  readonly count?: number;
  /** A kind of the shop by name, such as `cod`; drawn when not said. */
  readonly kind?: string;
  /** How far the orders come at once; BOUGHT when not said. */
  readonly status?: 'BOUGHT' | 'FILLED_IN' | 'READY_FOR_PROCESSING';
}

export interface CorruptionRequest {
  /** Null ends it. */
  readonly kind: CorruptionKind | null;
  readonly seller?: string;
  readonly share?: number;
}

/** Something asked of the sandbox that is not there: an unknown seller, order or code. */
export class NotThere extends Error {}

/** What tests and people can do to a sandbox from outside of Allegro's API. */
export class ControlDesk {
  readonly #world: World;
  #arrivals = 0;

  constructor(world: World) {
    this.#world = world;
  }

  stats(): SandboxStats {
    const { counters, faults, sessions } = this.#world;
    return { ...counters.snapshot(), faults: faults.counts(), refreshes: sessions.refreshRecords() };
  }

  resetStats(): void {
    this.#world.counters.reset();
    this.#world.faults.resetCounts();
  }

  sellers(): readonly Seller[] {
    return this.#world.sellers;
  }

  /** The truth: every form that can be read now, as it is, oldest purchase first. */
  orders(seller?: string): JsonObject[] {
    return this.orderTexts(seller).map((text) => JSON.parse(text) as JsonObject);
  }

  orderTexts(seller?: string): string[] {
    return this.shopOf(seller).current().map((order) => this.#world.texts.current(order));
  }

  orderIds(seller?: string): string[] {
    return this.shopOf(seller).current().map((order) => order.id);
  }

  /** Purchases whose form is gone, with the form that replaced each. */
  merged(seller?: string): { id: string; into: string }[] {
    const orders = [...this.shopOf(seller).orders.values()];
    return orders.flatMap((order) => (order.successor === null ? [] : [{ id: order.id, into: order.successor.id }]));
  }

  /** Every event, also those never or not yet shown. */
  journal(seller?: string): JsonObject[] {
    const nowMs = this.#world.clock.nowMs();
    return this.shopOf(seller).journal.all().map((event) => ({
      ...renderEvent(event),
      formId: event.order.id,
      visible: event.visibleAtMs <= nowMs,
      hidden: event.visibleAtMs === Number.POSITIVE_INFINITY,
    }));
  }

  /** One order with what lies behind it: its kind, its history, its successor. */
  order(id: string): JsonObject {
    const order = this.#find(id).order;
    const life = order.lived.map(({ kind, status, atMs }) => ({ kind, status: status ?? null, at: new Date(atMs).toISOString() }));
    const form = this.#world.texts.form(order, order.lived.length);
    return { id, seller: order.seller.id, kind: order.kind.name, life, successor: order.successor?.id ?? null, form };
  }

  /** The kind of each readable order by id, for tests that expect something of a kind. */
  kinds(seller?: string): Record<string, string> {
    return Object.fromEntries(this.shopOf(seller).current().map((order) => [order.id, order.kind.name]));
  }

  approve(userCode: string, seller?: string): void {
    const grant = this.#waiting(userCode);
    grant.seller = this.#seller(seller);
    grant.answer = 'approved';
  }

  deny(userCode: string): void {
    this.#waiting(userCode).answer = 'denied';
  }

  createOrders(wanted: NewOrders = {}): string[] {
    const shop = this.shopOf(wanted.seller);
    const kind = wanted.kind === undefined ? undefined : kindNamed(wanted.kind);
    if (kind === null) throw new NotThere(`no kind of order is called ${String(wanted.kind)}`);
    return Array.from({ length: wanted.count ?? 1 }, () => {
      const order = buy(shop, kind);
      if (wanted.status === 'FILLED_IN') change(shop, order, { kind: 'fill' });
      if (wanted.status === 'READY_FOR_PROCESSING') change(shop, order, { kind: 'pay' });
      return order.id;
    });
  }

  /** Answers the id of the order that goes on. */
  change(id: string, wanted: OrderChange): string {
    const { shop, order } = this.#find(id);
    return change(shop, order, wanted).id;
  }

  /** Lets so many things happen at once in the shops that somebody visited; answers the orders concerned. */
  arrive(count = 1): string[] {
    const shops = this.#world.openShops();
    return Array.from({ length: shops.length === 0 ? 0 : count }, () => {
      const number = this.#arrivals;
      this.#arrivals += 1;
      const shop = shops[number % shops.length] ?? this.shopOf();
      return arrive(shop, number).id;
    });
  }

  /** @throws Error naming what is wrong with the specification */
  setFaults(spec: string): void {
    this.#world.replaceFaults(spec);
  }

  /** Fixes a fault to one order, or takes it away. */
  setOrderFault(id: string, fault: OrderFault | null): void {
    this.#find(id);
    if (fault === null) this.#world.orderFaults.delete(id);
    else this.#world.orderFaults.set(id, fault);
  }

  corrupt(wanted: CorruptionRequest): void {
    if (wanted.kind !== null && !CORRUPTIONS.includes(wanted.kind)) throw new NotThere(`corruptions: ${CORRUPTIONS.join(', ')}`);
    const sellerId = wanted.seller === undefined ? null : this.#seller(wanted.seller).id;
    this.#world.corruption.set(wanted.kind, sellerId, wanted.share ?? 1);
  }

  expireTokens(seller?: string): number {
    return this.#world.sessions.expireAccess(seller === undefined ? null : this.#seller(seller).id);
  }

  revokeTokens(seller?: string, end: 'closed' | 'unlinked' = 'closed'): number {
    return this.#world.sessions.revoke(seller === undefined ? null : this.#seller(seller).id, end);
  }

  setLatency(ms: number): void {
    this.#world.latencyMs = ms;
  }

  /** Passes time on the sandbox's clock: graces end, tokens and events expire, held events appear. */
  advanceClock(ms: number): void {
    this.#world.clock.advance(ms);
  }

  shopOf(seller?: string): SellerShop {
    return this.#world.shop(this.#seller(seller));
  }

  #seller(wanted?: string): Seller {
    const seller = this.#world.seller(wanted);
    if (!seller) throw new NotThere(`no seller is called ${String(wanted)}`);
    return seller;
  }

  #waiting(userCode: string): NonNullable<ReturnType<World['grants']['waiting']>> {
    const grant = this.#world.grants.waiting(userCode);
    if (!grant) throw new NotThere('no such code is waiting for an answer');
    return grant;
  }

  #find(id: string): { shop: SellerShop; order: Order } {
    for (const shop of this.#world.openShops()) {
      const order = shop.orders.get(id);
      if (order) return { shop, order };
    }
    throw new NotThere(`no order ${id} in the shops visited so far`);
  }
}
