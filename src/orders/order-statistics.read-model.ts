import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import { ERASED } from '../platform/vault/personal-data.js';

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
/** What was cancelled brings in nothing; what carries no amount is not counted as if it were free. */
const EARNING = `status is distinct from 'CANCELLED' and total_amount is not null and total_currency is not null`;
/** Orders of an account that stand for themselves: those replaced by another count once, in their successor. */
const COUNTED = 'account_id = $1 and merged_into is null';
/** Whole days of the caller's own calendar, today included; a day of 23 or 25 hours is a day. */
const FIRST_INSTANT = `(date_trunc('day', now() at time zone $3) - make_interval(days => $2 - 1)) at time zone $3`;

const counted = (column: string, source: string) =>
  `(select coalesce(json_object_agg(k, n), '{}') from (select coalesce(${column}, 'UNKNOWN') as k, count(*)::int as n from ${source} group by 1 order by 2 desc, 1) g)`;
const amounts = (group: string) =>
  `select ${group}, json_object_agg(total_currency, revenue::text order by total_currency) as sums
   from (select ${group}, total_currency, sum(total_amount) as revenue from period where ${EARNING} group by 1, 2) g group by 1`;

const STATISTICS = `with period as materialized (
    select status, marketplace, total_amount, total_currency, buyer_email, (ordered_at at time zone $3)::date as day
    from orders where ${COUNTED} and ordered_at >= ${FIRST_INSTANT}),
    every as materialized (select status, count(*)::int as n from orders where ${COUNTED} group by 1)
  select
    (select coalesce(sum(n), 0)::int from every) as total,
    (select count(*)::int from period) as recent,
    (select coalesce(json_object_agg(coalesce(status, 'UNKNOWN'), n order by n desc, status), '{}') from every) as statuses,
    ${counted('status', 'period')} as "recentStatuses",
    ${counted('marketplace', 'period')} as marketplaces,
    (select coalesce(json_agg(json_build_object('currency', total_currency, 'orders', n, 'revenue', revenue::text, 'average', round(revenue / n, 2)::text)
       order by total_currency), '[]')
     from (select total_currency, count(*)::int as n, sum(total_amount) as revenue from period where ${EARNING} group by 1) g) as currencies,
    (select coalesce(json_agg(json_build_object('day', to_char(day, 'YYYY-MM-DD'), 'orders', n, 'by_currency', coalesce(sums, '{}')) order by day), '[]')
     from (select day, count(*)::int as n from period group by 1) d left join (${amounts('day')}) a using (day)) as days,
    (select coalesce(json_agg(json_build_object('email', buyer_email, 'orders', n, 'by_currency', coalesce(sums, '{}')) order by n desc, buyer_email), '[]')
     from (select buyer_email, count(*)::int as n from period where buyer_email <> $4 group by 1 order by 2 desc, 1 limit ${String(TOP_BUYERS)}) b
       left join (${amounts('buyer_email')}) a using (buyer_email)) as buyers,
    (select base_marketplace from accounts where id = $1) as "baseMarketplace"`;

@Injectable()
export class OrderStatisticsReadModel {
  constructor(private readonly database: Database) {}

  /** Counts and sums of an account from its projections, over the last `days` calendar days of a time zone. */
  async of(accountId: string, days: number, timeZone: string): Promise<OrderStatistics> {
    const [row] = await this.database.query<OrderStatistics>(STATISTICS, [accountId, days, timeZone, ERASED]);
    if (!row) throw new Error('a count answered no row');
    return row;
  }
}
