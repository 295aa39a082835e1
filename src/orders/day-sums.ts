import type { DayRange } from './day-range.js';

/** What sums are asked of. */
export interface SumsAsked {
  readonly accountId: string;
  readonly range: DayRange;
  readonly marketplace: string | null;
}

export type Grouping = 'day' | 'week' | 'month' | 'marketplace' | 'status' | 'fulfillment_status' | 'currency';

/** What Allegro did not say. */
export const UNKNOWN = 'UNKNOWN';

const named = (column: string) => `coalesce(nullif(${column}, ''), '${UNKNOWN}')`;

/** The text a row is grouped by. */
export const KEYS: Readonly<Record<Grouping, string>> = {
  day: `to_char(day, 'YYYY-MM-DD')`,
  week: `to_char(day, 'IYYY-"W"IW')`,
  month: `to_char(day, 'YYYY-MM')`,
  marketplace: named('marketplace'),
  status: named('status'),
  fulfillment_status: named('fulfillment_status'),
  currency: named('currency'),
};

/** The parameters every query of sums begins with; its own follow from $10. */
export function sumsParameters({ accountId, range, marketplace }: SumsAsked): unknown[] {
  const { from, summedFrom, summedTo, to, firstDay, endDay, zone } = range;
  return [accountId, from, summedFrom, summedTo, to, firstDay, endDay, zone, marketplace];
}

const IN_DAYS = `account_id = $1 and day >= $6::date and day < $7::date`;
/** Orders as the sums count them: cut as there, one that was replaced stands in its successor. */
const SINGLE = `select o.stream_id, (o.ordered_at at time zone $8)::date as day, left(coalesce(o.marketplace, ''), 100) as marketplace,
    left(coalesce(o.status, ''), 100) as status, left(coalesce(o.fulfillment_status, ''), 100) as fulfillment_status,
    case when o.total_amount is null then '' else left(coalesce(o.total_currency, ''), 100) end as currency,
    case when o.total_currency is not null then o.total_amount end as amount
  from orders o where o.account_id = $1 and o.merged_into is null`;
/** The orders before the first whole day and after the last one. */
const EDGES = `edge as materialized (
    ${SINGLE} and o.ordered_at >= $2::timestamptz and o.ordered_at < $3::timestamptz union all
    ${SINGLE} and o.ordered_at >= $4::timestamptz and o.ordered_at < $5::timestamptz)`;
const WITH_FACTS = `edge cross join lateral (select * from order_facts where stream_id = edge.stream_id limit 1) f`;
const THERE = `($9::text is null or marketplace = $9)`;

export const SALES_PARTS = `${EDGES},
  part as (
    select day, marketplace, status, fulfillment_status, currency, orders, priced, amount from order_day_sales where ${IN_DAYS} and ${THERE}
    union all
    select day, marketplace, status, fulfillment_status, currency, 1, case when amount is null then 0 else 1 end, coalesce(amount, 0) from edge where ${THERE})`;

/** $10 and $11: the first of the whole months and the end of the last one, which are read as months. */
export const OFFER_PARTS = `${EDGES},
  part as materialized (
    select offer_id, currency, orders, quantity, amount from order_day_offers
    where account_id = $1 and grain = 'm' and day >= $10::date and day < $11::date and ${THERE}
    union all
    select offer_id, currency, orders, quantity, amount from order_day_offers
    where account_id = $1 and grain = 'd' and day >= $6::date and day < $10::date and ${THERE}
    union all
    select offer_id, currency, orders, quantity, amount from order_day_offers
    where account_id = $1 and grain = 'd' and day >= $11::date and day < $7::date and ${THERE}
    union all
    select x ->> 0, x ->> 1, 1, (x ->> 2)::numeric, (x ->> 3)::numeric from ${WITH_FACTS}, jsonb_array_elements(f.offers) x
    where edge.status <> 'CANCELLED' and ${THERE})`;

export const BUYER_PARTS = `${EDGES},
  part as (
    select buyer, currency, orders, cancelled, amount from order_day_buyers where ${IN_DAYS} and ${THERE}
    union all
    select f.buyer, edge.currency, 1, case edge.status when 'CANCELLED' then 1 else 0 end,
      case edge.status when 'CANCELLED' then 0 else coalesce(edge.amount, 0) end
    from ${WITH_FACTS} where f.buyer is not null and ${THERE})`;

export const DURATION_PARTS = `${EDGES},
  part as (
    select day, milestone::text, marketplace, minutes, orders from order_day_durations
    where account_id = $1 and milestone in ('s', 'p') and day >= $6::date and day < $7::date and ${THERE}
    union all
    select edge.day, m.milestone, edge.marketplace, m.minutes, 1
    from ${WITH_FACTS}, lateral (values ('s', f.sent_minutes), ('p', f.picked_up_minutes)) m (milestone, minutes)
    where m.minutes is not null and edge.status <> 'CANCELLED' and ${THERE})`;
