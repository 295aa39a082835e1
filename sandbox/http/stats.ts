import type { RefreshRecord } from '../oauth/sessions.js';

/** What has been asked of the sandbox since the start (or the last reset). */
export interface SandboxStats {
  readonly requests: number;
  /** Route to status to count, such as `GET /order/events`; a connection cut by a fault counts as status 0. */
  readonly routes: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Requests to the API by seller id. */
  readonly sellers: Readonly<Record<string, number>>;
  readonly throttled: number;
  readonly concurrent: number;
  readonly concurrentMaximum: number;
  readonly concurrentMaximumBySeller: Readonly<Record<string, number>>;
  /** How often each fault struck. */
  readonly faults: Readonly<Record<string, number>>;
  readonly refreshes: readonly RefreshRecord[];
}

export class Counters {
  readonly #routes = new Map<string, Map<number, number>>();
  readonly #turns = new Map<string, number>();
  readonly #sellers = new Map<string, number>();
  readonly #running = new Map<string, number>();
  readonly #maximumBySeller = new Map<string, number>();
  #requests = 0;
  #concurrent = 0;
  #maximum = 0;

  /** Which request of its route this is, from 0; never reset, for the faults are drawn from it. */
  nextTurn(route: string): number {
    const turn = this.#turns.get(route) ?? 0;
    this.#turns.set(route, turn + 1);
    return turn;
  }

  enter(): void {
    this.#concurrent += 1;
    this.#maximum = Math.max(this.#maximum, this.#concurrent);
  }

  leave(route: string, status: number): void {
    this.#concurrent -= 1;
    this.#requests += 1;
    const statuses = this.#routes.get(route) ?? new Map<number, number>();
    this.#routes.set(route, statuses);
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
  }

  /** Counts a seller's request in; answers how many of this seller are being served, this one included. */
  enterSeller(sellerId: string): number {
    this.#sellers.set(sellerId, (this.#sellers.get(sellerId) ?? 0) + 1);
    const running = (this.#running.get(sellerId) ?? 0) + 1;
    this.#running.set(sellerId, running);
    this.#maximumBySeller.set(sellerId, Math.max(this.#maximumBySeller.get(sellerId) ?? 0, running));
    return running;
  }

  leaveSeller(sellerId: string): void {
    this.#running.set(sellerId, (this.#running.get(sellerId) ?? 1) - 1);
  }

  reset(): void {
    for (const map of [this.#routes, this.#sellers, this.#maximumBySeller]) map.clear();
    this.#requests = 0;
    this.#maximum = this.#concurrent;
  }

  snapshot(): Omit<SandboxStats, 'faults' | 'refreshes'> {
    const routes = Object.fromEntries([...this.#routes].map(([route, statuses]) => [route, Object.fromEntries(statuses)]));
    let throttled = 0;
    for (const statuses of this.#routes.values()) throttled += statuses.get(429) ?? 0;
    return {
      requests: this.#requests,
      routes,
      sellers: Object.fromEntries(this.#sellers),
      throttled,
      concurrent: this.#concurrent,
      concurrentMaximum: this.#maximum,
      concurrentMaximumBySeller: Object.fromEntries(this.#maximumBySeller),
    };
  }
}
