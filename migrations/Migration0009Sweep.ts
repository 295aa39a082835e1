import { Migration } from '@mikro-orm/migrations';

const TABLES: readonly string[] = [
  // Who holds an act of purchase now: it survives merging, order ids do not. previous_stream_id: the order it was taken from,
  // until that order is linked to its successor; the link is owed from the transaction on that moved the item.
  `create table order_line_items (
     account_id bigint not null,
     line_item_id text not null,
     stream_id bigint not null,
     previous_stream_id bigint,
     seen_at timestamptz not null,
     primary key (account_id, line_item_id)
   ) with (fillfactor = 85)`,
  `create index order_line_items_moved on order_line_items (account_id) where previous_stream_id is not null`,

  // A parent names its successor (merged_into), a successor its parents; attention: they disagreed, a person has to look.
  `alter table orders add column merged_from text[], add column attention boolean not null default false`,
  `create index orders_merged on orders (account_id) where merged_into is not null`,

  // How far a task ever got: a run that gets further is no crash loop.
  `alter table tasks add column furthest real not null default 0`,

  // What Allegro listed of a window against what we hold. Counts are set at the end; until then resume_from tells where to go on.
  `create table completeness_certificates (
     id uuid primary key,
     tenant_id text not null,
     account_id bigint not null,
     task_id uuid unique,
     window_from timestamptz not null,
     window_to timestamptz not null,
     resume_from timestamptz not null,
     listed int not null default 0,
     unlistable int not null default 0,
     requests int not null default 0,
     equal int,
     healed int,
     held int,
     rejected int,
     announced_not_landed int,
     missing_at_allegro int,
     complete boolean,
     started_at timestamptz not null default now(),
     finished_at timestamptz
   ) with (fillfactor = 70)`,
  `create index certificates_of_account on completeness_certificates (account_id, started_at desc, id desc)`,
  // One row per order that was not simply equal, written by the transaction that healed or held it.
  `create table certificate_findings (
     certificate_id uuid not null,
     order_id text not null,
     finding text not null check (finding in ('missing', 'different', 'held', 'rejected', 'announced', 'gone')),
     detail text,
     found_at timestamptz not null default now(),
     primary key (certificate_id, order_id)
   )`,

  // When each account is swept next: the last days daily, everything Allegro lists weekly.
  `create table sweep_schedules (
     account_id bigint primary key,
     next_daily_at timestamptz not null,
     next_weekly_at timestamptz not null
   ) with (fillfactor = 70)`,
  `create index sweep_schedules_due on sweep_schedules (least(next_daily_at, next_weekly_at))`,
];

/** Merged purchases, the sweep with its certificates, and how far owed tasks ever got. */
export class Migration0009Sweep extends Migration {
  override up(): void {
    for (const statement of TABLES) this.addSql(statement);
    this.addSql(`grant select, insert, update on order_line_items, completeness_certificates, certificate_findings, sweep_schedules to order_service`);
  }
}
