import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import { ERASED } from '../platform/vault/personal-data.js';
import { BUYER_PARTS, DURATION_PARTS, type Grouping, KEYS, OFFER_PARTS, SALES_PARTS, type SumsAsked, sumsParameters, UNKNOWN } from './day-sums.js';

export { dayIn, dayRange, daysLater, dayStart, SUMMED_ZONE } from './day-range.js';
export type { Grouping, SumsAsked } from './day-sums.js';

/** Sums of one group and one currency; amounts are exact decimal text. `key` null: of all groups. */
export interface SalesSums {
  readonly key: string | null;
  readonly currency: string;
  readonly orders: number;
  /** Of these orders, those Allegro or the buyer cancelled, and those only the seller did. */
  readonly cancelled: number;
  readonly cancelledBySeller: number;
  /** Not cancelled and with an amount, and what they come to. */
  readonly earning: number;
  readonly revenue: string;
  readonly average: string | null;
  readonly cancelledPriced: number;
  readonly cancelledAmount: string;
}

export interface OfferSums {
  readonly offerId: string;
  readonly name: string | null;
  readonly orders: number;
  readonly quantity: string;
  readonly byCurrency: Readonly<Record<string, { readonly orders: number; readonly quantity: string; readonly revenue: string }>>;
}

export interface BuyerSums {
  /** Of the buyer's last order. */
  readonly email: string | null;
  readonly login: string | null;
  readonly orders: number;
  readonly cancelled: number;
  readonly byCurrency: Readonly<Record<string, string>>;
}

/** How many orders reached a milestone and after how many minutes half and nine tenths of them had. `key` null: of all groups. */
export interface DurationSums {
  readonly key: string | null;
  readonly milestone: 's' | 'p';
  readonly orders: number;
  readonly median: number;
  readonly ninth: number;
}

/** What the best are chosen by; of one currency where it is given. */
export interface Ranking<By extends string> {
  readonly by: By;
  readonly currency: string | null;
  readonly limit: number;
}

const EARNING = `status <> 'CANCELLED'`;
const SALES = (key: string, filter: string) => `with ${SALES_PARTS},
  sums as (
    select case when grouping(k) = 1 then null else k end as key, currency, sum(orders)::int as orders,
      coalesce(sum(orders) filter (where status = 'CANCELLED'), 0)::int as cancelled,
      coalesce(sum(orders) filter (where ${EARNING} and fulfillment_status = 'CANCELLED'), 0)::int as "cancelledBySeller",
      coalesce(sum(priced) filter (where ${EARNING}), 0)::int as earning, coalesce(sum(amount) filter (where ${EARNING}), 0) as revenue,
      coalesce(sum(priced) filter (where status = 'CANCELLED'), 0)::int as "cancelledPriced",
      coalesce(sum(amount) filter (where status = 'CANCELLED'), 0) as "cancelledAmount"
    from (select *, ${key} as k from part) p ${filter} group by grouping sets ((k, currency), (currency)))
  select key, currency, orders, cancelled, "cancelledBySeller", earning, revenue::text, round(revenue / nullif(earning, 0), 2)::text as average,
    "cancelledPriced", "cancelledAmount"::text from sums where orders <> 0 order by key, currency`;

const OFFER_RANKS = { orders: 'sum(orders)', quantity: 'sum(quantity)', revenue: 'sum(amount)' } as const;
const OFFERS = (rank: string) => `with ${OFFER_PARTS},
  best as (
    select offer_id, sum(orders)::int as orders, sum(quantity) as quantity, row_number() over (order by ${rank} desc, offer_id) as place from part
    where ($12::text is null or currency = $12) group by offer_id having sum(orders) > 0 order by place limit $13)
  select b.offer_id as "offerId", (select name from order_offers where account_id = $1 and offer_id = b.offer_id) as name, b.orders, b.quantity::text,
    c.sums as "byCurrency"
  from best b join (
    select offer_id, json_object_agg(currency, json_build_object('orders', orders, 'quantity', quantity::text, 'revenue', amount::text) order by currency) as sums
    from (select offer_id, coalesce(nullif(currency, ''), '${UNKNOWN}') as currency, sum(orders)::int as orders, sum(quantity) as quantity, sum(amount) as amount
      from part where offer_id in (select offer_id from best) group by 1, 2 having sum(orders) <> 0) s group by 1) c using (offer_id)
  order by b.place`;

const BUYER_RANKS = { all: 'sum(orders)', orders: 'sum(orders) - sum(cancelled)', revenue: 'sum(amount)' } as const;
/** A keyed reference is 32 bytes, of which the sums hold the first 8. */
const OF_BUYER = `k.account_id = $1 and k.buyer_ref between b.buyer and b.buyer || decode(repeat('ff', 24), 'hex')`;
const BUYERS = (rank: string) => `with ${BUYER_PARTS},
  summed as materialized (
    select buyer, currency, sum(orders) as orders, sum(cancelled) as cancelled, sum(amount) as amount from part group by buyer, currency),
  best as (
    select *, row_number() over () as place from (
      select buyer, sum(orders)::int as orders, sum(cancelled)::int as cancelled from summed
      where ($10::text is null or currency = $10) group by buyer having ${rank} > 0 order by ${rank} desc, buyer limit $11) b)
  select n.email, n.login, b.orders, b.cancelled, coalesce(c.sums, '{}') as "byCurrency"
  from best b join lateral (
    select o.buyer_email as email, o.buyer_login as login from vault.order_keys k join orders o using (stream_id)
    where ${OF_BUYER} and o.buyer_email is distinct from $12 order by o.ordered_at desc limit 1) n on true
  left join (
    select buyer, json_object_agg(currency, amount::text order by currency) as sums
    from summed where currency <> '' and orders > cancelled and buyer in (select buyer from best) group by 1) c using (buyer)
  order by b.place`;

const DURATIONS = (key: string) => `with ${DURATION_PARTS},
  counted as (select k, grouping(k) as total, milestone, minutes, sum(orders) as n from (select *, ${key} as k from part) p
    group by grouping sets ((k, milestone, minutes), (milestone, minutes)) having sum(orders) > 0),
  ranked as (select *, sum(n) over (partition by total, k, milestone order by minutes) as upto, sum(n) over (partition by total, k, milestone) as "all" from counted)
  select case total when 1 then null else k end as key, milestone, "all"::int as orders, (min(minutes) filter (where upto * 2 >= "all"))::int as median,
    (min(minutes) filter (where upto * 10 >= "all" * 9))::int as ninth
  from ranked group by total, k, milestone, "all" order by key, milestone desc`;

/** The sums per day of an account, over any span. */
@Injectable()
export class DaySums {
  constructor(private readonly database: Database) {}

  /** @param status matches either axis */
  async sales(asked: SumsAsked, grouping: Grouping, status: string | null = null): Promise<SalesSums[]> {
    const filter = `where $10::text is null or status = $10 or fulfillment_status = $10`;
    return this.database.query<SalesSums>(SALES(KEYS[grouping], filter), [...sumsParameters(asked), status]);
  }

  /** What was sold and not cancelled, the best first. */
  async offers(asked: SumsAsked, { by, currency, limit }: Ranking<keyof typeof OFFER_RANKS>): Promise<OfferSums[]> {
    const { firstMonth, endMonth } = asked.range;
    return this.database.query<OfferSums>(OFFERS(OFFER_RANKS[by]), [...sumsParameters(asked), firstMonth, endMonth, currency, limit]);
  }

  /** Buyers that were not erased, the best first; `all` counts cancelled orders as well. */
  async buyers(asked: SumsAsked, { by, currency, limit }: Ranking<keyof typeof BUYER_RANKS>): Promise<BuyerSums[]> {
    return this.database.query<BuyerSums>(BUYERS(BUYER_RANKS[by]), [...sumsParameters(asked), currency, limit, ERASED]);
  }

  async durations(asked: SumsAsked, grouping: Grouping): Promise<DurationSums[]> {
    return this.database.query<DurationSums>(DURATIONS(KEYS[grouping]), sumsParameters(asked));
  }
}
