import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import { type BuyerSums, dayIn, dayRange, DaySums, daysLater, dayStart, type Grouping, type SalesSums, type SumsAsked } from './day-sums.read-model.js';

/** Sums of one currency; amounts are exact decimal text, never of two currencies together. */
export interface CurrencySums {
  readonly currency: string;
  readonly orders: number;
  readonly revenue: string;
  readonly average: string;
}

interface DayCount {
  readonly day: string;
  readonly orders: number;
  readonly by_currency: Readonly<Record<string, string>>;
}

interface TopBuyer {
  readonly email: string;
  readonly orders: number;
  readonly by_currency: Readonly<Record<string, string>>;
}

export interface OrderStatistics {
  readonly total: number;
  readonly recent: number;
  /** Of the whole account. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Of the period, like all that follows. */
  readonly recentStatuses: Readonly<Record<string, number>>;
  readonly marketplaces: Readonly<Record<string, number>>;
  readonly currencies: readonly CurrencySums[];
  readonly days: readonly DayCount[];
  readonly buyers: readonly TopBuyer[];
  readonly baseMarketplace: string | null;
}

const TOP_BUYERS = 10;
/** No order date is earlier; no clock of Allegro or ours is as far ahead. */
const [EARLIEST, LATEST] = [new Date(0), new Date('2200-01-01T00:00:00Z')];

@Injectable()
export class OrderStatisticsReadModel {
  constructor(
    private readonly database: Database,
    private readonly sums: DaySums,
  ) {}

  /** Counts and sums of an account from its projections, over the last `days` calendar days of a time zone, today included. */
  async of(accountId: string, days: number, timeZone: string): Promise<OrderStatistics> {
    const first = dayStart(timeZone, daysLater(dayIn(timeZone, new Date()), 1 - days));
    const ever: SumsAsked = { accountId, range: dayRange(EARLIEST, LATEST), marketplace: null };
    const period: SumsAsked = { ...ever, range: dayRange(first, LATEST, timeZone) };
    const grouped = (asked: SumsAsked, grouping: Grouping) => this.sums.sales(asked, grouping);
    const [all, byDay, statuses, marketplaces, buyers, home] = await Promise.all([
      grouped(ever, 'status'),
      grouped(period, 'day'),
      grouped(period, 'status'),
      grouped(period, 'marketplace'),
      this.sums.buyers(period, { by: 'all', currency: null, limit: TOP_BUYERS }),
      this.homeOf(accountId),
    ]);
    return {
      total: countOf(all),
      recent: countOf(byDay),
      statuses: countsByKey(all),
      recentStatuses: countsByKey(statuses),
      marketplaces: countsByKey(marketplaces),
      currencies: byDay.filter(({ key }) => key === null).flatMap(currencySums),
      days: dayCounts(byDay),
      buyers: buyers.map(topBuyer).sort((one, other) => other.orders - one.orders || (one.email < other.email ? -1 : 1)),
      baseMarketplace: home,
    };
  }

  private async homeOf(accountId: string): Promise<string | null> {
    const [row] = await this.database.query<{ home: string | null }>('select base_marketplace as home from accounts where id = $1', [accountId]);
    return row?.home ?? null;
  }
}

const count = (sums: readonly SalesSums[]) => sums.reduce((total, { orders }) => total + orders, 0);
const countOf = (sums: readonly SalesSums[]) => count(sums.filter(({ key }) => key === null));

function byKey(sums: readonly SalesSums[]): [string, SalesSums[]][] {
  return [
    ...Map.groupBy(
      sums.filter(({ key }) => key !== null),
      ({ key }) => key ?? '',
    ),
  ];
}

/** The most frequent first. */
function countsByKey(sums: readonly SalesSums[]): Record<string, number> {
  const counts = byKey(sums).map(([key, alike]) => [key, count(alike)] as const);
  return Object.fromEntries(counts.sort(([, one], [, other]) => other - one));
}

function currencySums({ currency, earning, revenue, average }: SalesSums): CurrencySums[] {
  return average === null ? [] : [{ currency, orders: earning, revenue, average }];
}

function dayCounts(sums: readonly SalesSums[]): DayCount[] {
  return byKey(sums).map(([day, alike]) => ({
    day,
    orders: count(alike),
    by_currency: Object.fromEntries(alike.filter(({ earning }) => earning > 0).map(({ currency, revenue }) => [currency, revenue])),
  }));
}

/** Guests without an e-mail are known by their login. */
function topBuyer({ email, login, orders, byCurrency }: BuyerSums): TopBuyer {
  return { email: email ?? login ?? '', orders, by_currency: byCurrency };
}
