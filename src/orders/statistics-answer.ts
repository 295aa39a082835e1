import type { CurrencySums, OrderStatistics } from './order-statistics.read-model.js';

/** Currency of a seller's own marketplace; the others are counted beside it, never added to it. */
const CURRENCIES = new Map([['pl', 'PLN'], ['cz', 'CZK'], ['sk', 'EUR'], ['hu', 'HUF']]); // prettier-ignore
const DEFAULT_CURRENCY = 'PLN';

/** By the marketplace the account is at home on (`allegro-business-cz` too), else the currency most of its orders were paid in. */
export function baseCurrency(marketplace: string | null, currencies: readonly CurrencySums[]): string {
  const country = marketplace?.split('-').at(-1) ?? '';
  const [most] = [...currencies].sort((one, other) => other.orders - one.orders);
  return CURRENCIES.get(country) ?? most?.currency ?? DEFAULT_CURRENCY;
}

/** The answer of statistics: numbers as clients of old read them, of the base currency alone, and exact text beside them. */
export function statisticsAnswer(found: OrderStatistics, period: { days: number; timeZone: string; now: Date }) {
  const currency = baseCurrency(found.baseMarketplace, found.currencies);
  const sums = found.currencies.find((one) => one.currency === currency);
  return {
    success: true,
    period_days: period.days,
    time_zone: period.timeZone,
    total_orders: found.total,
    recent_orders: found.recent,
    status_distribution: found.statuses,
    recent_status_distribution: found.recentStatuses,
    by_marketplace: found.marketplaces,
    by_day: found.days,
    financial: {
      currency,
      total_revenue: Number(sums?.revenue ?? 0),
      average_order_value: Number(sums?.average ?? 0),
      orders_with_revenue: sums?.orders ?? 0,
      by_currency: Object.fromEntries(
        found.currencies.map(({ currency: code, orders, revenue, average }) => [
          code,
          { total_revenue: revenue, average_order_value: average, orders_with_revenue: orders },
        ]),
      ),
    },
    top_buyers: found.buyers.map(({ email, orders, by_currency: spent }) => ({
      email,
      orders_count: orders,
      total_spent: Number(spent[currency] ?? 0),
      by_currency: spent,
    })),
    generated_at: period.now.toISOString(),
  };
}
