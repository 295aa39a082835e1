export const ORDER_TABLES: readonly string[] = [
  // One thin row per order: what lists filter and sort by. A projection: it can be rebuilt from the log at any time.
  // version: the last form event in it. Looked up by Allegro's id through event_log.streams: a second index over random UUIDs would cost as much as the rest.
  `create table orders (
     stream_id bigint primary key,
     account_id bigint not null,
     order_id text not null,
     version int not null,
     status text,
     fulfillment_status text,
     payment_type text,
     delivery_method text,
     marketplace text,
     buyer_login text,
     buyer_email text,
     buyer_name text,
     total_amount numeric,
     total_currency text,
     ordered_at timestamptz not null,
     dispatch_by timestamptz,
     allegro_updated_at timestamptz,
     revision text,
     merged_into text,
     created_at timestamptz not null,
     updated_at timestamptz not null
   ) with (fillfactor = 85)`,
  // merged_into rides along so that a page or a count that leaves merged purchases out stays index-only.
  `create index orders_page on orders (account_id, ordered_at desc, stream_id desc) include (merged_into)`,
  // A status filter matches either axis: two ordered scans are merged.
  `create index orders_by_status on orders (account_id, status, ordered_at desc, stream_id desc)`,
  `create index orders_by_fulfillment on orders (account_id, fulfillment_status, ordered_at desc, stream_id desc)`,

  // The document of an order as last known, in a table of its own: beside the filter columns it would double the WAL of every append.
  // json keeps the bytes, so that a list passes them through unparsed; kept, of the fold, also stands alone, so that no list parses a fold.
  // (Not computed by the database: it reads no member of a text with \\u0000 in it, which Allegro may send.)
  `create table order_documents (
     stream_id bigint primary key,
     account_id bigint not null,
     version int not null,
     document json not null,
     fold json not null,
     kept json not null default '[]'
   ) with (fillfactor = 85)`,

  // The service's own flags, never touched by what Allegro says. A row is born with its order, so an order never flagged is found as false.
  // ordered_at is copied in: a page filtered by flags then needs one index only. version: the last flag event in it.
  `create table order_technical_flags (
     stream_id bigint primary key,
     account_id bigint not null,
     order_id text not null,
     ordered_at timestamptz not null,
     is_stock_updated boolean not null default false,
     has_invoice_created boolean not null default false,
     invoice_id text,
     created_at timestamptz,
     updated_at timestamptz,
     stock_version int not null default 0,
     invoice_version int not null default 0
   ) with (fillfactor = 80)`,
  // A flag that nearly every order has or lacks is as quick to page by as a rare one.
  `create index flags_by_stock on order_technical_flags (account_id, is_stock_updated, ordered_at desc, stream_id desc)`,
  `create index flags_by_invoice on order_technical_flags (account_id, has_invoice_created, ordered_at desc, stream_id desc)`,
  `create index flags_written on order_technical_flags (account_id) where created_at is not null`,
  `create unique index flags_invoice_id on order_technical_flags (account_id, invoice_id) where invoice_id is not null`,

  // The journal of an account in the order things happened, for the list of journal events.
  `create index order_events_journal on event_log.order_events (account_id, occurred_at, seq) where type = 'journal.received'`,
];

/**
 * p_rows: one object per order; documents travel as text inside the rowset, because jsonb would reorder their keys.
 * p_repair also overwrites rows of the same version: what a replay from the log found to differ. The row orders are found by (its table comes
 * with the search) is not written again while its text stays, so a change of status leaves the index alone.
 */
export const PROJECT_ORDERS = `create function project_orders(p_account bigint, p_rows jsonb, p_repair boolean) returns void language plpgsql as $$
   begin
     with input as materialized (
       select * from jsonb_to_recordset(p_rows) as r (stream_id bigint, order_id text, version int, status text, fulfillment_status text, payment_type text,
         delivery_method text, marketplace text, buyer_login text, buyer_email text, buyer_name text, total_amount numeric, total_currency text,
         ordered_at timestamptz, dispatch_by timestamptz, allegro_updated_at timestamptz, revision text, created_at timestamptz, updated_at timestamptz,
         search_email text, search_login text, search_names text, search_codes text[], search_text text, document text, fold text, kept text)),
     listed as (
       insert into orders as o (stream_id, account_id, order_id, version, status, fulfillment_status, payment_type, delivery_method, marketplace, buyer_login,
         buyer_email, buyer_name, total_amount, total_currency, ordered_at, dispatch_by, allegro_updated_at, revision, created_at, updated_at)
       select i.stream_id, p_account, i.order_id, i.version, i.status, i.fulfillment_status, i.payment_type, i.delivery_method, i.marketplace, i.buyer_login,
         i.buyer_email, i.buyer_name, i.total_amount, i.total_currency, i.ordered_at, i.dispatch_by, i.allegro_updated_at, i.revision, i.created_at, i.updated_at
       from input i order by i.stream_id
       on conflict (stream_id) do update set version = excluded.version, status = excluded.status, fulfillment_status = excluded.fulfillment_status,
         payment_type = excluded.payment_type, delivery_method = excluded.delivery_method, marketplace = excluded.marketplace,
         buyer_login = excluded.buyer_login, buyer_email = excluded.buyer_email, buyer_name = excluded.buyer_name, total_amount = excluded.total_amount,
         total_currency = excluded.total_currency, ordered_at = excluded.ordered_at, dispatch_by = excluded.dispatch_by,
         allegro_updated_at = excluded.allegro_updated_at, revision = excluded.revision, created_at = excluded.created_at, updated_at = excluded.updated_at
       where o.version < excluded.version or p_repair),
     documented as (
       insert into order_documents as d (stream_id, account_id, version, document, fold, kept)
       select i.stream_id, p_account, i.version, i.document::json, i.fold::json, i.kept::json from input i order by i.stream_id
       on conflict (stream_id) do update set version = excluded.version, document = excluded.document, fold = excluded.fold, kept = excluded.kept
       where d.version < excluded.version or p_repair),
     found_by as (
       insert into order_search as s (stream_id, account_id, ordered_at, is_replaced, email, login, names, codes, text)
       select i.stream_id, p_account, i.ordered_at, exists (select from orders o where o.stream_id = i.stream_id and o.merged_into is not null),
         i.search_email, i.search_login, i.search_names, i.search_codes, i.search_text
       from input i order by i.stream_id
       on conflict (stream_id) do update set ordered_at = excluded.ordered_at, is_replaced = excluded.is_replaced, email = excluded.email,
         login = excluded.login, names = excluded.names, codes = excluded.codes, text = excluded.text
       where (s.ordered_at, s.is_replaced, s.email, s.login, s.names, s.codes, s.text) is distinct from (excluded.ordered_at, excluded.is_replaced,
         excluded.email, excluded.login, excluded.names, excluded.codes, excluded.text))
     insert into order_technical_flags as f (stream_id, account_id, order_id, ordered_at)
     select i.stream_id, p_account, i.order_id, i.ordered_at from input i order by i.stream_id
     on conflict (stream_id) do update set ordered_at = excluded.ordered_at where f.ordered_at <> excluded.ordered_at;
   end $$`;

/**
 * After a first import the planner still believes the tables empty and sorts whole accounts, until autovacuum comes by a minute later.
 * Runs as the owner, because ANALYZE is the owner's; gives way where the tables are being vacuumed.
 */
export const ANALYZE_ORDERS = `create function analyze_orders() returns void language plpgsql security definer
   set search_path = public, pg_temp set lock_timeout = '200ms' as $$
   begin
     analyze orders;
     analyze order_technical_flags;
     analyze order_search;
     analyze event_log.streams;
   exception when lock_not_available then null;
   end $$`;

export const ORDER_GRANTS: readonly string[] = [
  `grant select, insert, update on orders, order_documents, order_technical_flags to order_service`,
  `revoke all on function project_orders(bigint, jsonb, boolean) from public`,
  `revoke all on function analyze_orders() from public`,
  `grant execute on function project_orders(bigint, jsonb, boolean), analyze_orders() to order_service`,
];
