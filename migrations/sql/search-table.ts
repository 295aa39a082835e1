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
  `alter table order_search alter column text set statistics 500`,
];

export const SEARCH_GRANTS: readonly string[] = [`grant select, insert, update on order_search to order_service`];
