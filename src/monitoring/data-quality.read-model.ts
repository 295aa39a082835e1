import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import type { FoundIssue } from './quality-report.js';

/** One day in UTC. */
export interface DayFigures {
  readonly day: string;
  readonly events: number;
  readonly journal: number;
  readonly forms: number;
  readonly created: number;
  readonly held: number;
  readonly runs: number;
  readonly failedRuns: number;
}

export interface TroubledOrders {
  readonly issues: readonly FoundIssue[];
  /** Orders with at least one issue. */
  readonly withIssues: number;
  /** Orders that lack what every such order has. */
  readonly missing: number;
}

// A purchase not filled in yet has no delivery; an erased one has no buyer, by the seller's own wish.
const TROUBLED = `troubled as (
  select unnest(array_remove(array[case when buyer_login is null and buyer_email is null then 'missing_buyer' end,
      case when total_amount is null then 'missing_total' end,
      case when delivery_method is null and status = 'READY_FOR_PROCESSING' then 'missing_delivery' end,
      case when attention then 'attention' end], null)) as issue, order_id, updated_at as at
    from orders o where account_id = $1 and merged_into is null
      and (buyer_login is null or total_amount is null or delivery_method is null or attention)
      and not exists (select from vault.order_keys k where k.stream_id = o.stream_id and k.destroyed_at is not null)
  union all select 'unreadable_' || reason, order_id, owed_since from owed_forms where account_id = $1 and attempts > 0 and reason <> 'dirty'
  union all select 'held_' || lower(reason ->> 'code'), order_id, first_seen_at
    from quarantine_items, jsonb_array_elements(reasons) as reason where account_id = $1 and status = 'held')`;

const BY_ISSUE = `with ${TROUBLED}
  select issue, count(distinct order_id)::int as orders, (array_agg(order_id order by at desc))[1:5] as samples,
    count(distinct order_id) filter (where issue like 'missing%')::int as missing from troubled group by grouping sets ((issue), ())`;

// streams.recorded_at leaves out what has not changed since; the events of the rest lie together.
const BY_DAY = `with days as (select generate_series($2::date, $3::date, interval '1 day')::date as day),
  recorded as (select (e.recorded_at at time zone 'UTC')::date as day, count(*) as events, count(*) filter (where e.source = 'journal') as journal,
      count(*) filter (where e.source = 'form') as forms
    from event_log.streams s join event_log.order_events e on e.stream_id = s.stream_id
    where s.account_id = $1 and s.recorded_at >= ($2::date::timestamp at time zone 'UTC') and e.recorded_at >= ($2::date::timestamp at time zone 'UTC') group by 1),
  born as (select (created_at at time zone 'UTC')::date as day, count(*) as created from orders where account_id = $1 and created_at >= ($2::date::timestamp at time zone 'UTC') group by 1),
  held as (select (first_seen_at at time zone 'UTC')::date as day, count(*) as held from quarantine_items where account_id = $1 and first_seen_at >= ($2::date::timestamp at time zone 'UTC') group by 1),
  runs as (select (sync_started_at at time zone 'UTC')::date as day, count(*) as runs, count(*) filter (where sync_status = 'FAILED') as failed
    from sync_runs where account_id = $1 and sync_started_at >= ($2::date::timestamp at time zone 'UTC') group by 1)
  select to_char(day, 'YYYY-MM-DD') as day, coalesce(events, 0)::float8 as events, coalesce(journal, 0)::float8 as journal, coalesce(forms, 0)::float8 as forms,
    coalesce(created, 0)::float8 as created, coalesce(held, 0)::float8 as held, coalesce(runs, 0)::float8 as runs, coalesce(failed, 0)::float8 as "failedRuns"
  from days left join recorded using (day) left join born using (day) left join held using (day) left join runs using (day) order by days.day`;

type IssueRow = Omit<FoundIssue, 'issue' | 'samples'> & { readonly issue: string | null; readonly samples: readonly string[] | null; readonly missing: number };

/** What the quality report counts; all of it from the log and from what syncs wrote. */
@Injectable()
export class DataQuality {
  constructor(private readonly database: Database) {}

  async orders(accountId: string): Promise<number> {
    const sql = 'select coalesce(sum(orders), 0)::float8 as orders from order_counts where account_id = $1';
    const [row] = await this.database.query<{ orders: number }>(sql, [accountId]);
    return row?.orders ?? 0;
  }

  async troubled(accountId: string): Promise<TroubledOrders> {
    const rows = await this.database.query<IssueRow>(BY_ISSUE, [accountId]);
    const all = rows.find(({ issue }) => issue === null);
    const issues = rows.flatMap(({ issue, orders, samples }) => (issue === null ? [] : [{ issue, orders, samples: [...new Set(samples ?? [])] }]));
    return { issues, withIssues: all?.orders ?? 0, missing: all?.missing ?? 0 };
  }

  /** Every day of the period, also those on which nothing came. @param from first day, `YYYY-MM-DD` @param to last day */
  async byDay(accountId: string, from: string, to: string): Promise<DayFigures[]> {
    return this.database.query<DayFigures>(BY_DAY, [accountId, from, to]);
  }
}
