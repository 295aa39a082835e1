import { billionths, decimalText } from '../../src/core/exact-decimal.js';
import type { JsonObject } from '../../src/core/json.js';
import { evolveMerge, NOT_MERGED } from '../../src/orders/merged-purchases.js';
import { fulfilmentTimes } from '../../src/orders/fulfilment-times.js';
import { projectedContent } from '../../src/orders/order-projection.js';
import { replayOrder } from '../../src/orders/replay-order.js';
import type { RecordedEvent } from '../../src/platform/event-log/events.js';

/** One order as its log says it is. */
export interface ReplayedOrder {
  readonly orderedAt: number;
  readonly day: string;
  readonly status: string;
  readonly fulfillment: string;
  readonly marketplace: string;
  readonly currency: string;
  readonly amount: bigint | null;
  readonly buyer: string;
  readonly lines: readonly { readonly offer: string; readonly quantity: number; readonly amount: bigint }[];
  readonly minutes: Readonly<Record<'s' | 'p', number | null>>;
}

interface Line {
  readonly offer: { readonly id: string };
  readonly quantity: number;
  readonly price: { readonly amount: string };
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : '');
const warsawDay = (at: number) => new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Warsaw' }).format(at);

/** null: the log knows no form of it, or another order stands for it. */
export function replayed(events: readonly RecordedEvent[]): ReplayedOrder | null {
  const { content } = replayOrder(events);
  if (!content || events.reduce(evolveMerge, NOT_MERGED).into !== null) return null;
  const { columns, document } = projectedContent('order', content);
  const orderedAt = textOf(columns['ordered_at']);
  const amount = columns['total_amount'];
  const times = ['SENT', 'PICKED_UP', 'RETURNED'].includes(textOf(columns['fulfillment_status'])) ? fulfilmentTimes(events, orderedAt) : null;
  return {
    orderedAt: Date.parse(orderedAt),
    day: warsawDay(Date.parse(orderedAt)),
    status: textOf(columns['status']),
    fulfillment: textOf(columns['fulfillment_status']),
    marketplace: textOf(columns['marketplace']),
    currency: typeof amount === 'string' ? textOf(columns['total_currency']) : '',
    amount: typeof amount === 'string' ? billionths(amount) : null,
    buyer: textOf((document['buyer'] as JsonObject)['login']),
    lines: (document['lineItems'] as unknown as Line[]).map(({ offer, quantity, price }) => ({
      offer: offer.id,
      quantity,
      amount: billionths(price.amount) * BigInt(quantity),
    })),
    minutes: { s: times?.sent_minutes ?? null, p: times?.picked_up_minutes ?? null },
  };
}

const isKept = ({ status }: ReplayedOrder) => status !== 'CANCELLED';
const total = (amounts: readonly bigint[]) => decimalText(amounts.reduce((sum, amount) => sum + amount, 0n));

/** Groups in the order of their keys, and all of them together under null. */
function grouped<Item>(items: readonly Item[], keyOf: (item: Item) => string): [string | null, readonly Item[]][] {
  const groups: [string | null, readonly Item[]][] = [...Map.groupBy(items, keyOf)].sort(([one], [other]) => (one < other ? -1 : 1));
  return items.length === 0 ? [] : [...groups, [null, items]];
}

export function naiveSales(orders: readonly ReplayedOrder[], keyOf: (order: ReplayedOrder) => string) {
  return grouped(orders, keyOf).flatMap(([key, group]) =>
    [...Map.groupBy(group, ({ currency }) => currency)]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([currency, alike]) => {
        const [kept, gone] = [alike.filter(isKept), alike.filter((order) => !isKept(order))];
        const amountsOf = (some: readonly ReplayedOrder[]) => some.flatMap(({ amount }) => amount ?? []);
        return {
          ...{ key, currency, orders: alike.length, cancelled: gone.length },
          ...{ cancelledBySeller: kept.filter(({ fulfillment }) => fulfillment === 'CANCELLED').length, earning: amountsOf(kept).length },
          ...{ revenue: total(amountsOf(kept)), cancelledPriced: amountsOf(gone).length, cancelledAmount: total(amountsOf(gone)) },
        };
      }),
  );
}

export function naiveOffers(orders: readonly ReplayedOrder[]) {
  const lines = orders.filter(isKept).flatMap((order) => order.lines.map((line) => ({ ...line, order })));
  const groups = [...Map.groupBy(lines, ({ offer }) => offer)].map(([offerId, sold]) => ({
    ...{ offerId, orders: new Set(sold.map(({ order }) => order)).size, quantity: String(sold.reduce((sum, { quantity }) => sum + quantity, 0)) },
    revenue: total(sold.map(({ amount }) => amount)),
  }));
  return groups.sort((one, other) => Number(other.quantity) - Number(one.quantity) || (one.offerId < other.offerId ? -1 : 1));
}

export function naiveBuyers(orders: readonly ReplayedOrder[]) {
  const groups = [...Map.groupBy(orders, ({ buyer }) => buyer)].map(([login, bought]) => ({
    ...{ login, orders: bought.length, cancelled: bought.filter((order) => !isKept(order)).length },
    spent: total(bought.filter(isKept).flatMap(({ amount }) => amount ?? [])),
  }));
  return groups.sort((one, other) => (one.login < other.login ? -1 : 1));
}

export function naiveDurations(orders: readonly ReplayedOrder[]) {
  return grouped(orders.filter(isKept), ({ day }) => day).flatMap(([key, group]) =>
    (['s', 'p'] as const).flatMap((milestone) => {
      const minutes = group.flatMap((order) => order.minutes[milestone] ?? []).sort((one, other) => one - other);
      const at = (share: number) => minutes[Math.ceil((minutes.length * share) / 10) - 1] ?? null;
      return minutes.length === 0 ? [] : [{ key, milestone, orders: minutes.length, median: at(5), ninth: at(9) }];
    }),
  );
}
