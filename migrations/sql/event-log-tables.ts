/** Orders per partition of the log: 5 million streams are 25-50 million events, and 20 partitions reach 100 million orders. */
const STREAMS_PER_PARTITION = 5_000_000;
const PARTITIONS = 20;

export const LOG_TABLES: readonly string[] = [
  // The group role every login of the service is a member of: grants name it, never a login.
  `do $$ begin
     if not exists (select from pg_roles where rolname = 'order_service') then create role order_service nologin; end if;
   exception when insufficient_privilege then
     raise exception 'the role order_service does not exist and the migrating role may not create it: create it once as an administrator';
   end $$`,
  // lz4 is twice as fast as the default on documents of this size; the embedded server is built without it.
  `do $$ begin
     execute format('alter database %I set default_toast_compression = lz4', current_database());
   exception when invalid_parameter_value or insufficient_privilege then
     raise notice 'large values are compressed with the default method, not lz4: %', sqlerrm;
   end $$`,
  `create schema event_log`,
  `create schema vault`,
  `create sequence event_log.event_sequence as bigint`,
  `create sequence event_log.stream_sequence as bigint`,

  // Feed positions hold for one database cluster only: a restored dump starts a new epoch, or its readers would see nothing.
  `create table event_log.epochs (
     epoch int primary key,
     system_identifier text not null,
     opened_at timestamptz not null default now()
   )`,

  // One row per stream: version gate, tip of the hash chain, the form last read. The only mutable rows of the write side.
  // order_id '' is the account's own stream.
  `create table event_log.streams (
     stream_id bigint not null default nextval('event_log.stream_sequence'),
     account_id bigint not null,
     order_id text not null,
     version int not null,
     tip_hash bytea not null,
     recorded_at timestamptz not null,
     content_version int,
     content_hash bytea,
     content_revision text,
     primary key (account_id, order_id)
   ) with (fillfactor = 70)`,
  `create unique index streams_birth_order on event_log.streams (stream_id)`,

  // Keyed and partitioned by the birth order of streams: a random UUID key writes 20 times the WAL once the log is large.
  // payload is json, not jsonb: the hash covers its exact bytes.
  `create table event_log.order_events (
     stream_id bigint not null,
     version int not null,
     account_id bigint not null,
     order_id text not null,
     type text not null,
     source text not null check (source in ('journal', 'form', 'service')),
     schema_version smallint not null,
     dedup_key text not null,
     occurred_at timestamptz not null,
     observed_at timestamptz not null,
     recorded_at timestamptz not null,
     payload json not null,
     sealed bytea,
     actor text not null,
     causation_id text,
     trace_id text,
     prev_hash bytea not null,
     hash bytea not null,
     epoch int not null,
     xid xid8 not null default pg_current_xact_id(),
     seq bigint not null default nextval('event_log.event_sequence'),
     primary key (stream_id, version),
     unique (stream_id, dedup_key)
   ) partition by range (stream_id)`,
  `create index order_events_feed on event_log.order_events (epoch, xid, seq)`,

  // One random data key per order, wrapped by a master key that never enters the database. Erasing a buyer empties wrapped_key.
  `create table vault.order_keys (
     stream_id bigint primary key,
     account_id bigint not null,
     buyer_ref bytea,
     wrapped_key bytea,
     created_at timestamptz not null default now(),
     destroyed_at timestamptz
   )`,
  `create index order_keys_of_a_buyer on vault.order_keys (account_id, buyer_ref)`,

  // Who may write for an account now. Each claim raises the generation; an append of an older generation is refused.
  `create table event_log.writer_leases (
     account_id bigint primary key,
     generation bigint not null default 0,
     holder text,
     expires_at timestamptz
   )`,

  // What consumers (change feed, streams, webhooks) are told: ids, topics and changed paths, never a buyer's data. Written by the append itself.
  `create table event_log.outbox (
     epoch int not null,
     xid xid8 not null default pg_current_xact_id(),
     seq bigint generated always as identity,
     account_id bigint not null,
     stream_id bigint not null,
     order_id text not null,
     version int not null,
     topics text[] not null,
     changed text[] not null,
     announced_at timestamptz not null,
     primary key (epoch, xid, seq)
   )`,
  `create index outbox_of_an_account on event_log.outbox (account_id, epoch, xid, seq)`,

  `create function event_log.refuse_change() returns trigger language plpgsql as $$ begin
     raise exception 'append-only: % on %.% is refused', tg_op, tg_table_schema, tg_table_name using errcode = 'restrict_violation';
   end $$`,
  // Row trigger: cloned to every partition. Statement triggers are not, so each partition gets its own.
  `create trigger refuse_row_change before update or delete on event_log.order_events for each row execute function event_log.refuse_change()`,
  `alter table event_log.order_events enable always trigger refuse_row_change`,
  `create function event_log.wall_off(p_table text) returns void language plpgsql set search_path = pg_catalog as $$ begin
     execute format('create trigger refuse_statement before update or delete or truncate on event_log.%I for each statement execute function event_log.refuse_change()', p_table);
     execute format('alter table event_log.%I enable always trigger refuse_statement', p_table);
   end $$`,
  `create function event_log.add_partition(p_from bigint, p_to bigint) returns void language plpgsql set search_path = pg_catalog as $$
   declare name text := 'order_events_' || lpad((p_from / 1000000)::text, 5, '0') || 'm'; begin
     execute format('create table event_log.%I partition of event_log.order_events for values from (%s) to (%s)', name, p_from, p_to);
     execute format('alter table event_log.%I alter sealed set storage external', name);
     perform event_log.wall_off(name);
   end $$`,
  `select event_log.wall_off('order_events')`,
  `select event_log.add_partition(n * ${STREAMS_PER_PARTITION}::bigint, (n + 1) * ${STREAMS_PER_PARTITION}::bigint) from generate_series(0, ${PARTITIONS - 1}) n`,
];
