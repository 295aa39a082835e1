import type { DurationSums, SalesSums } from '../orders/day-sums.read-model.js';
import type { CancellationTotalsView, DurationView, FulfilmentTotalsView, SalesTotalsView } from './report-views.dto.js';

/** Digits of a share. */
const SHARE = 10_000;

const sum = (sums: readonly SalesSums[], of: (one: SalesSums) => number) => sums.reduce((total, one) => total + of(one), 0);

/** Rows of one key each; the row of all keys has its own place. */
function byKey<Row extends { readonly key: string | null }, View extends object>(rows: readonly Row[], view: (alike: readonly Row[]) => View) {
  const groups = Map.groupBy(rows, ({ key }) => key);
  return {
    totals: view(groups.get(null) ?? []),
    groups: [...groups].flatMap(([key, alike]) => (key === null ? [] : [{ key, ...view(alike) }])),
  };
}

function salesView(sums: readonly SalesSums[]): SalesTotalsView {
  const earning = sums.filter((one) => one.earning > 0);
  return {
    orders: sum(sums, ({ orders }) => orders),
    cancelled: sum(sums, ({ cancelled }) => cancelled),
    by_currency: Object.fromEntries(
      earning.map((one) => [one.currency, { revenue: one.revenue, orders_with_revenue: one.earning, average_order_value: one.average }]),
    ),
  };
}

function cancellationsView(sums: readonly SalesSums[]): CancellationTotalsView {
  const [orders, cancelled] = [sum(sums, (one) => one.orders), sum(sums, (one) => one.cancelled)];
  const priced = sums.filter(({ cancelledPriced }) => cancelledPriced > 0);
  return {
    orders,
    cancelled,
    share: orders === 0 ? 0 : Math.round((cancelled / orders) * SHARE) / SHARE,
    cancelled_by_seller: sum(sums, ({ cancelledBySeller }) => cancelledBySeller),
    by_currency: Object.fromEntries(priced.map((one) => [one.currency, { amount: one.cancelledAmount, orders: one.cancelledPriced }])),
  };
}

function durationView(sums: readonly DurationSums[], milestone: DurationSums['milestone']): DurationView {
  const measured = sums.find((one) => one.milestone === milestone);
  return { orders: measured?.orders ?? 0, median_minutes: measured?.median ?? null, p90_minutes: measured?.ninth ?? null };
}

const fulfilmentView = (sums: readonly DurationSums[]): FulfilmentTotalsView => ({ sent: durationView(sums, 's'), picked_up: durationView(sums, 'p') });

export const salesAnswer = (sums: readonly SalesSums[]) => byKey(sums, salesView);
export const cancellationsAnswer = (sums: readonly SalesSums[]) => byKey(sums, cancellationsView);
export const fulfilmentAnswer = (sums: readonly DurationSums[]) => byKey(sums, fulfilmentView);

/** Orders of the span that were not cancelled. */
export function keptOrders(sums: readonly SalesSums[]): number {
  return sum(
    sums.filter(({ key }) => key === null),
    ({ orders, cancelled }) => orders - cancelled,
  );
}
