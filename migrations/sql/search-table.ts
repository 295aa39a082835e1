/** What orders are found by, folded by the service. A table of its own: on the rows of lists the trigram index would be written at every change of a flag. */
export const SEARCH_TABLE: readonly string[] = [
  `create extension if not exists pg_trgm with schema public`,
  `create table order_search (
     stream_id bigint primary key,
     account_id bigint not null,
     email text,
     login text,
     names text not null,
     codes text[] not null,
     text text not null
   ) with (fillfactor = 85)`,
  `create index order_search_email on order_search (account_id, email text_pattern_ops) where email is not null`,
  `create index order_search_login on order_search (account_id, login text_pattern_ops) where login is not null`,
  // Without the account: lists name it on orders, and the planner chooses between this index (rare words) and the pages of the account (common ones).
  `create index order_search_trigrams on order_search using gin (text gin_trgm_ops)`,
  `alter table order_search alter column text set statistics 500`,
];

/** As before, and the searched row beside the others; unchanged text is not written again, so a change of status leaves the index alone. */
export const PROJECT_ORDERS_AND_SEARCH = `create or replace function project_orders(p_account bigint, p_rows jsonb, p_repair boolean) returns void language plpgsql as $$
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
       insert into order_search as s (stream_id, account_id, email, login, names, codes, text)
       select i.stream_id, p_account, i.search_email, i.search_login, i.search_names, i.search_codes, i.search_text from input i order by i.stream_id
       on conflict (stream_id) do update set email = excluded.email, login = excluded.login, names = excluded.names, codes = excluded.codes, text = excluded.text
       where (s.email, s.login, s.names, s.codes, s.text) is distinct from (excluded.email, excluded.login, excluded.names, excluded.codes, excluded.text))
     insert into order_technical_flags as f (stream_id, account_id, order_id, ordered_at)
     select i.stream_id, p_account, i.order_id, i.ordered_at from input i order by i.stream_id
     on conflict (stream_id) do update set ordered_at = excluded.ordered_at where f.ordered_at <> excluded.ordered_at;
   end $$`;

export const ANALYZE_ORDERS_AND_SEARCH = `create or replace function analyze_orders() returns void language plpgsql security definer
   set search_path = public, pg_temp set lock_timeout = '200ms' as $$
   begin
     analyze orders;
     analyze order_technical_flags;
     analyze order_search;
     analyze event_log.streams;
   exception when lock_not_available then null;
   end $$`;

export const SEARCH_GRANTS: readonly string[] = [`grant select, insert, update on order_search to order_service`];
