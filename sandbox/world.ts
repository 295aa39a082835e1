import { Clock } from './clock.js';
import { Corruption } from './faults/corruption.js';
import { FaultPlan } from './faults/fault-plan.js';
import { FormTexts } from './forms/form-texts.js';
import { RateLimit } from './http/rate-limit.js';
import { Counters } from './http/stats.js';
import { DeviceGrants } from './oauth/device-grants.js';
import { Sessions } from './oauth/sessions.js';
import { settingsOf, type SandboxOptions, type SandboxSettings } from './settings.js';
import { SellerShop } from './shop/seller-shop.js';
import { sellerAt, type Seller } from './shop/sellers.js';

/** A fault fixed to one order by hand: `poison` answers 500, `missing` 404. */
export type OrderFault = 'poison' | 'missing';

/** Everything there is in one sandbox. */
export class World {
  readonly settings: SandboxSettings;
  readonly clock: Clock;
  readonly faults: FaultPlan;
  readonly texts: FormTexts;
  readonly sessions: Sessions;
  readonly grants: DeviceGrants;
  readonly rateLimit: RateLimit;
  readonly counters = new Counters();
  readonly corruption = new Corruption();
  readonly orderFaults = new Map<string, OrderFault>();
  /** Parcel numbers added to orders by hand. */
  readonly waybills = new Map<string, readonly string[]>();
  readonly sellers: readonly Seller[];
  latencyMs: number;
  /** Where clients and people reach the sandbox; known once it listens. */
  url = '';
  readonly #shops = new Map<string, SellerShop>();

  constructor(options: SandboxOptions) {
    this.settings = settingsOf(options);
    const { seed, sellers, faults, latencyMs } = this.settings;
    this.clock = new Clock(options.startsAtMs, options.historyEndsAtMs);
    this.faults = new FaultPlan(seed, faults);
    this.texts = new FormTexts(this.faults);
    this.sessions = new Sessions(this.settings, this.clock);
    this.grants = new DeviceGrants(this.settings, this.clock);
    this.rateLimit = new RateLimit(this.settings, this.clock);
    this.sellers = Array.from({ length: sellers }, (_, index) => sellerAt(seed, index));
    this.latencyMs = latencyMs;
  }

  /** A seller by id, by login or by position; the first one when nothing is said. Null when there is none. */
  seller(wanted: string | undefined): Seller | null {
    if (wanted === undefined || wanted === '') return this.sellers[0] ?? null;
    const named = this.sellers.find((seller) => seller.id === wanted || seller.login === wanted);
    return named ?? (/^\d{1,5}$/.test(wanted) ? (this.sellers[Number(wanted)] ?? null) : null);
  }

  /** A seller's shop, its past made up on the first visit. */
  shop(seller: Seller): SellerShop {
    const known = this.#shops.get(seller.id);
    if (known) return known;
    const shop = new SellerShop(seller, this.settings.orders, this.faults, this.clock);
    this.#shops.set(seller.id, shop);
    return shop;
  }

  /** The shops somebody has visited: only there do orders arrive. */
  openShops(): readonly SellerShop[] {
    return [...this.#shops.values()];
  }

  replaceFaults(spec: string): void {
    this.faults.replace(spec);
    this.texts.clear();
  }
}
