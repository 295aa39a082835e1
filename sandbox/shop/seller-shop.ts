import type { FaultPlan } from '../faults/fault-plan.js';
import type { Clock } from '../clock.js';
import { makeHistory } from './history.js';
import { DAY_MS } from './instants.js';
import { Journal } from './journal.js';
import { currentState } from './order-state.js';
import type { Order } from './order.js';
import type { Seller } from './sellers.js';

/** How far back forms can be read (allegro-api#11876). */
export const FORM_RETENTION_MS = 360 * DAY_MS;

export type SortKey = 'boughtAt' | 'updatedAt';

/** One seller's orders and journal. The past is made up when somebody first asks. */
export class SellerShop {
  readonly seller: Seller;
  readonly journal = new Journal();
  readonly orders = new Map<string, Order>();
  readonly clock: Clock;
  readonly faults: FaultPlan;
  readonly #sorted: Record<SortKey, Order[]> = { boughtAt: [], updatedAt: [] };
  readonly #untidy: Record<SortKey, boolean> = { boughtAt: true, updatedAt: true };
  /** How many orders have been drawn; the next one gets this number. */
  drawn: number;

  constructor(seller: Seller, orders: number, faults: FaultPlan, clock: Clock) {
    this.seller = seller;
    this.clock = clock;
    this.faults = faults;
    // Started again, it goes on with numbers that no order of an earlier start had: fewer than one a second arrive.
    this.drawn = orders + Math.floor((clock.nowMs() - clock.startedAtMs) / 1_000);
    const history = makeHistory({ seller, orders, startedAtMs: clock.startedAtMs, plan: faults });
    for (const order of history.orders) this.add(order);
    this.journal.load(history.drafts);
  }

  add(order: Order): void {
    this.orders.set(order.id, order);
    if (order.successor === null) {
      this.#sorted.boughtAt.push(order);
      this.#sorted.updatedAt.push(order);
    }
    this.touch();
  }

  /** To be called after every change of an order: the indexes are put in order again when next used. */
  touch(): void {
    this.#untidy.boughtAt = true;
    this.#untidy.updatedAt = true;
  }

  /** The form of that id, unless it was merged away or is too old to be read. */
  readable(id: string): Order | null {
    const order = this.orders.get(id);
    if (!order || order.successor !== null) return null;
    return order.boughtAtMs >= this.clock.nowMs() - FORM_RETENTION_MS ? order : null;
  }

  /** Forms that still exist, oldest first by that time; ties by id, so that paging is stable. */
  sorted(by: SortKey): readonly Order[] {
    if (this.#untidy[by]) {
      const timeOf = by === 'boughtAt' ? (order: Order) => order.boughtAtMs : (order: Order) => currentState(order).updatedAtMs;
      this.#sorted[by] = this.#sorted[by]
        .filter((order) => order.successor === null)
        .sort((left, right) => timeOf(left) - timeOf(right) || (left.id < right.id ? -1 : 1));
      this.#untidy[by] = false;
    }
    return this.#sorted[by];
  }

  /** Every form that can be read now: the truth a client should end up with. */
  current(): readonly Order[] {
    const oldestMs = this.clock.nowMs() - FORM_RETENTION_MS;
    return this.sorted('boughtAt').filter((order) => order.boughtAtMs >= oldestMs);
  }
}
