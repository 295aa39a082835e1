const UNCHANGEABLE = ['imports', 'stream_origins', 'imported_seals'];

/** What an imported account's log was before it came: needed to verify its chains and the seals of where it comes from. */
export const IMPORT_TABLES: readonly string[] = [
  // One import an account: into an empty one, in the transaction named here.
  `create table event_log.imports (
     account_id bigint primary key,
     xid xid8 not null default pg_current_xact_id(),
     archive_id uuid not null,
     -- SHA-256 of the archive: it names the file that was verified.
     digest bytea not null,
     -- The archive's header: account and installation it comes from, the public key of the seals.
     source json not null,
     imported_by text not null,
     imported_at timestamptz not null default clock_timestamp(),
     -- Sequence numbers keep their distances, so that what happened at the same instant keeps its order.
     low_sequence bigint not null,
     high_sequence bigint not null,
     first_sequence bigint not null
   )`,
  // chain_account_id: the account as the hashes of the stream name it, also of what is appended here later.
  // places: 20 bytes an event (epoch, transaction id, sequence), where the seals of its origin find it.
  `create table event_log.stream_origins (
     stream_id bigint primary key,
     account_id bigint not null,
     chain_account_id bigint not null,
     origin_stream_id bigint not null,
     version int not null,
     tip_hash bytea not null,
     places bytea not null
   )`,
  `create index stream_origins_of_an_account on event_log.stream_origins (account_id, stream_id)`,
  `alter table event_log.stream_origins alter places set storage external`,
  // Each as the archive had it: a line of JSON.
  `create table event_log.imported_seals (
     account_id bigint not null,
     number bigint not null,
     line json not null,
     primary key (account_id, number)
   )`,
  ...UNCHANGEABLE.flatMap((table) => [
    `create trigger refuse_row_change before update or delete on event_log.${table} for each row execute function event_log.refuse_change()`,
    `alter table event_log.${table} enable always trigger refuse_row_change`,
    `select event_log.wall_off('${table}')`,
    `grant select on event_log.${table} to order_service`,
  ]),
];

/** As before, and the account that the stream's hashes name: null where it is this one. */
export const LOAD_WITH_ORIGIN: readonly string[] = [
  `drop function event_log.load(bigint, jsonb)`,
  `create function event_log.load(p_account bigint, p_streams jsonb)
   returns table (order_id text, stream_id bigint, version int, tip_hash bytea, recorded_at timestamptz, content_version int, content_hash bytea,
     content_revision text, has_key boolean, wrapped_key bytea, known_keys text[], clock timestamptz, chain_account_id bigint)
   language plpgsql stable set search_path = pg_catalog, pg_temp as $$
   #variable_conflict use_column
   begin return query
     select q.order_id, s.stream_id, s.version, s.tip_hash, s.recorded_at, s.content_version, s.content_hash, s.content_revision,
       k.stream_id is not null, k.wrapped_key,
       (select array_agg(e.dedup_key) from event_log.order_events e where e.stream_id = s.stream_id and e.dedup_key = any (q.dedup_keys)),
       date_trunc('milliseconds', clock_timestamp()), o.chain_account_id
     from jsonb_to_recordset(p_streams) as q (order_id text, dedup_keys text[])
     left join event_log.streams s on s.account_id = p_account and s.order_id = q.order_id
     left join vault.order_keys k on k.stream_id = s.stream_id
     left join event_log.stream_origins o on o.stream_id = s.stream_id;
   end $$`,
  `revoke all on function event_log.load(bigint, jsonb) from public`,
  `grant execute on function event_log.load(bigint, jsonb) to order_service`,
];
