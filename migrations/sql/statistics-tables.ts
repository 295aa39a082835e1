/** Sums of an account; `slot` keeps writers that run side by side on rows of their own, so reading adds the slots up. */
export const STATISTICS_TABLES: readonly string[] = [
  // What reports need of an order beside its row in orders. buyer: the first bytes of the keyed reference, null when erased or never named.
  // offers: [[offer id, currency, quantity, amount as text]]. Minutes: rounded down as in order_day_durations, null when not measured.
  `create table order_facts (
     stream_id bigint primary key,
     account_id bigint not null,
     buyer bytea,
     offers jsonb not null,
     ready_at timestamptz,
     sent_at timestamptz,
     sent_minutes int,
     picked_up_at timestamptz,
     picked_up_minutes int
   ) with (fillfactor = 85)`,

  // Days are Europe/Warsaw days of the order date; '' stands for what Allegro did not say. amount: of orders that carry one, cancelled or not.
  `create table order_day_sales (
     account_id bigint not null,
     day date not null,
     marketplace text not null,
     status text not null,
     fulfillment_status text not null,
     currency text not null,
     slot smallint not null,
     orders int not null,
     priced int not null,
     amount numeric not null,
     primary key (account_id, day, marketplace, status, fulfillment_status, currency, slot)
   ) with (fillfactor = 70)`,

  // What was sold and not cancelled. Whole months are summed beside the days: a year of 10,000 offers is 120,000 rows instead of a million.
  `create table order_day_offers (
     account_id bigint not null,
     grain "char" not null check (grain in ('d', 'm')),
     day date not null,
     offer_id text not null,
     marketplace text not null,
     currency text not null,
     slot smallint not null,
     orders int not null,
     quantity numeric not null,
     amount numeric not null,
     primary key (account_id, grain, day, offer_id, marketplace, currency, slot)
   ) with (fillfactor = 80)`,

  // The amounts ride along in the key's index: a year of buyers is read from the index alone.
  `create table order_day_buyers (
     account_id bigint not null,
     day date not null,
     buyer bytea not null,
     marketplace text not null,
     currency text not null,
     slot smallint not null,
     orders int not null,
     cancelled int not null,
     amount numeric not null,
     primary key (account_id, day, buyer, marketplace, currency, slot) include (orders, cancelled, amount)
   )`,

  // How long orders of a day took from ready to sent (s) or picked up (p): a histogram, so that a median of any range is a sum as well.
  `create table order_day_durations (
     account_id bigint not null,
     day date not null,
     milestone "char" not null check (milestone in ('s', 'p')),
     marketplace text not null,
     minutes int not null,
     slot smallint not null,
     orders int not null,
     primary key (account_id, milestone, day, marketplace, minutes, slot)
   ) with (fillfactor = 80)`,

  // What an offer was last called.
  `create table order_offers (
     account_id bigint not null,
     offer_id text not null,
     name text not null,
     named_at timestamptz not null,
     primary key (account_id, offer_id)
   ) with (fillfactor = 80)`,
];

/** The sums are written by the triggers alone. */
export const STATISTICS_GRANTS: readonly string[] = [
  `grant select on order_facts, order_day_sales, order_day_offers, order_day_buyers, order_day_durations, order_offers to order_service`,
  `revoke all on function statistics_slot(bigint), project_order_facts(bigint, jsonb), recount_order_statistics(bigint), sum_orders_born(),
     sum_orders_changed(), sum_orders_gone(), sum_facts_born(), sum_facts_changed(), sum_facts_gone() from public`,
  `grant execute on function project_order_facts(bigint, jsonb), recount_order_statistics(bigint) to order_service`,
];
