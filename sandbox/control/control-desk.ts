import { CORRUPTIONS, type CorruptionKind } from '../faults/corruption.js';
import type { SandboxStats } from '../http/stats.js';
import { kindNamed } from '../shop/kinds.js';
import { arrive, buy } from '../shop/present.js';
import type { OrderFault, World } from '../world.js';
import { change, type OrderChange } from './changes.js';
import { NotThere, Truth } from './truth.js';

interface NewOrders {
  readonly seller?: string;
  readonly count?: number;
  /** A kind of the shop by name, such as `cod`; drawn when not said. */
  readonly kind?: string;
  /** How far the orders come at once; BOUGHT when not said. */
  readonly status?: 'BOUGHT' | 'FILLED_IN' | 'READY_FOR_PROCESSING';
}

interface CorruptionRequest {
  /** Null ends it. */
  readonly kind: CorruptionKind | null;
  readonly seller?: string;
  readonly share?: number;
}

/** What tests and people can do to a sandbox from outside of Allegro's API. */
export class ControlDesk extends Truth {
  #arrivals = 0;

  stats(): SandboxStats {
    const { counters, faults, sessions } = this.world;
    return { ...counters.snapshot(), faults: faults.counts(), refreshes: sessions.refreshRecords() };
  }

  resetStats(): void {
    this.world.counters.reset();
    this.world.faults.resetCounts();
  }

  approve(userCode: string, seller?: string): void {
    const grant = this.#waiting(userCode);
    grant.seller = this.sellerOf(seller);
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
    const { shop, order } = this.find(id);
    return change(shop, order, wanted).id;
  }

  /** Lets so many things happen at once in the shops that somebody visited; answers the orders concerned. */
  arrive(count = 1): string[] {
    const shops = this.world.openShops();
    return Array.from({ length: shops.length === 0 ? 0 : count }, () => {
      const number = this.#arrivals;
      this.#arrivals += 1;
      const shop = shops[number % shops.length] ?? this.shopOf();
      return arrive(shop, number).id;
    });
  }

  /** @throws Error naming what is wrong with the specification */
  setFaults(spec: string): void {
    this.world.replaceFaults(spec);
  }

  /** Fixes a fault to one order, or takes it away. */
  setOrderFault(id: string, fault: OrderFault | null): void {
    this.find(id);
    if (fault === null) this.world.orderFaults.delete(id);
    else this.world.orderFaults.set(id, fault);
  }

  /** Adds a parcel number to an order, as carriers and the panel do: no event tells of it. */
  addWaybill(id: string, waybill: string): void {
    this.find(id);
    this.world.waybills.set(id, [...(this.world.waybills.get(id) ?? []), waybill]);
  }

  corrupt(wanted: CorruptionRequest): void {
    if (wanted.kind !== null && !CORRUPTIONS.includes(wanted.kind)) throw new NotThere(`corruptions: ${CORRUPTIONS.join(', ')}`);
    const sellerId = wanted.seller === undefined ? null : this.sellerOf(wanted.seller).id;
    this.world.corruption.set(wanted.kind, sellerId, wanted.share ?? 1);
  }

  expireTokens(seller?: string): number {
    return this.world.sessions.expireAccess(seller === undefined ? null : this.sellerOf(seller).id);
  }

  revokeTokens(seller?: string, end: 'closed' | 'unlinked' = 'closed'): number {
    return this.world.sessions.revoke(seller === undefined ? null : this.sellerOf(seller).id, end);
  }

  setLatency(ms: number): void {
    this.world.latencyMs = ms;
  }

  /** Passes time on the sandbox's clock: graces end, tokens and events expire, held events appear. */
  advanceClock(ms: number): void {
    this.world.clock.advance(ms);
  }

  #waiting(userCode: string): NonNullable<ReturnType<World['grants']['waiting']>> {
    const grant = this.world.grants.waiting(userCode);
    if (!grant) throw new NotThere('no such code is waiting for an answer');
    return grant;
  }
}
