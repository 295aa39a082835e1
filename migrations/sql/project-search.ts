/** As {@link ./order-tables.js} has it, with the place in time of what orders are found by. */
export const PROJECT_WITH_SEARCH = `create or replace function project_orders(p_account bigint, p_rows jsonb, p_repair boolean) returns void language plpgsql as $$
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
