/**
 * Written in plpgsql, not sql: a `language sql` function is planned at every call.
 * Rows travel as one jsonb rowset per table; payloads as text inside it, because jsonb would reorder their keys.
 */
export const APPEND_FUNCTIONS: readonly string[] = [
  `create function event_log.open_epoch() returns int language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
   declare current_system text := (select system_identifier::text from pg_control_system());
           latest event_log.epochs; begin
     select * into latest from event_log.epochs order by epoch desc limit 1;
     if latest.system_identifier is distinct from current_system then
       insert into event_log.epochs (epoch, system_identifier) values (coalesce(latest.epoch, 0) + 1, current_system);
       return coalesce(latest.epoch, 0) + 1;
     end if;
     return latest.epoch;
   end $$`,
  `select event_log.open_epoch()`,

  // p_streams: [{"order_id": text, "dedup_keys": [text]}]. Reads only, so that it takes no transaction id before the append.
  `create function event_log.load(p_account bigint, p_streams jsonb)
   returns table (order_id text, stream_id bigint, version int, tip_hash bytea, recorded_at timestamptz, content_version int, content_hash bytea,
     content_revision text, has_key boolean, wrapped_key bytea, known_keys text[], clock timestamptz)
   language plpgsql stable set search_path = pg_catalog, pg_temp as $$
   #variable_conflict use_column
   begin return query
     select q.order_id, s.stream_id, s.version, s.tip_hash, s.recorded_at, s.content_version, s.content_hash, s.content_revision,
       k.stream_id is not null, k.wrapped_key,
       (select array_agg(e.dedup_key) from event_log.order_events e where e.stream_id = s.stream_id and e.dedup_key = any (q.dedup_keys)),
       date_trunc('milliseconds', clock_timestamp())
     from jsonb_to_recordset(p_streams) as q (order_id text, dedup_keys text[])
     left join event_log.streams s on s.account_id = p_account and s.order_id = q.order_id
     left join vault.order_keys k on k.stream_id = s.stream_id;
   end $$`,

  // Returns the streams whose version gate opened; a stream is written whole or not at all, and one not returned is a conflict.
  // p_generation null: no lease is needed (commands of people). The unique keys of the log are named by no ON CONFLICT: a violation is loud.
  // An event of an account's stream that is a buyer's brings a data key of its own, because the stream's key belongs to no buyer: `event_keys`
  // of a head, [{"dedup_key", "buyer_ref", "wrapped_key"}], null for orders. Its table comes with the erasures.
  `create function event_log.append(p_account bigint, p_generation bigint, p_streams jsonb, p_events jsonb)
   returns table (order_id text, stream_id bigint, version int)
   language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
   #variable_conflict use_column
   declare current_epoch int := (select max(epoch) from event_log.epochs); begin
     if p_generation is not null then
       perform from event_log.writer_leases l where l.account_id = p_account and l.generation = p_generation for share;
       if not found then raise exception 'the writer of account % lost its lease', p_account using errcode = 'object_not_in_prerequisite_state'; end if;
     end if;
     return query
     with head as materialized (
       select * from jsonb_to_recordset(p_streams) as h (order_id text, expected int, version int, prev_tip bytea, tip bytea, recorded_at timestamptz,
         content_version int, content_hash bytea, content_revision text, buyer_ref bytea, wrapped_key bytea, event_keys jsonb, topics text[],
         changed text[])),
     born as (
       insert into event_log.streams as s (account_id, order_id, version, tip_hash, recorded_at, content_version, content_hash, content_revision)
       select p_account, h.order_id, h.version, h.tip, h.recorded_at, h.content_version, h.content_hash, h.content_revision
       from head h where h.expected = 0 order by h.order_id
       on conflict do nothing returning s.stream_id, s.order_id, s.version),
     moved as (
       update event_log.streams s set version = h.version, tip_hash = h.tip, recorded_at = h.recorded_at,
         content_version = coalesce(h.content_version, s.content_version), content_hash = coalesce(h.content_hash, s.content_hash),
         content_revision = case when h.content_version is null then s.content_revision else h.content_revision end
       from head h where h.expected > 0 and s.account_id = p_account and s.order_id = h.order_id and s.version = h.expected and s.tip_hash = h.prev_tip
       returning s.stream_id, s.order_id, s.version),
     opened as materialized (select * from born union all select * from moved),
     written as (
       insert into event_log.order_events (stream_id, version, account_id, order_id, type, source, schema_version, dedup_key, occurred_at, observed_at,
         recorded_at, payload, sealed, actor, causation_id, trace_id, prev_hash, hash, epoch)
       select o.stream_id, e.version, p_account, e.order_id, e.type, e.source, e.schema_version, e.dedup_key, e.occurred_at, e.observed_at,
         e.recorded_at, e.payload::json, e.sealed, e.actor, e.causation_id, e.trace_id, e.prev_hash, e.hash, current_epoch
       from jsonb_to_recordset(p_events) as e (order_id text, version int, type text, source text, schema_version smallint, dedup_key text,
         occurred_at timestamptz, observed_at timestamptz, recorded_at timestamptz, payload text, sealed bytea, actor text, causation_id text,
         trace_id text, prev_hash bytea, hash bytea) join opened o on o.order_id = e.order_id
       order by o.stream_id, e.version),
     keyed as (
       insert into vault.order_keys (stream_id, account_id, buyer_ref, wrapped_key, destroyed_at)
       select o.stream_id, p_account, h.buyer_ref, h.wrapped_key, case when h.wrapped_key is null then now() end from head h join opened o on o.order_id = h.order_id
       where h.wrapped_key is not null or h.buyer_ref is not null
       on conflict on constraint order_keys_pkey do update set buyer_ref = coalesce(order_keys.buyer_ref, excluded.buyer_ref)
         where order_keys.buyer_ref is null and excluded.buyer_ref is not null),
     keyed_events as (
       insert into vault.event_keys (stream_id, dedup_key, account_id, buyer_ref, wrapped_key, destroyed_at)
       select o.stream_id, k.dedup_key, p_account, k.buyer_ref, k.wrapped_key, case when k.wrapped_key is null then now() end from head h join opened o on o.order_id = h.order_id,
         jsonb_to_recordset(h.event_keys) as k (dedup_key text, buyer_ref bytea, wrapped_key bytea)
       where h.event_keys is not null),
     announced as (
       insert into event_log.outbox (epoch, account_id, stream_id, order_id, version, topics, changed, announced_at)
       select current_epoch, p_account, o.stream_id, o.order_id, o.version, h.topics, coalesce(h.changed, '{}'), h.recorded_at
       from head h join opened o on o.order_id = h.order_id where h.topics is not null order by o.stream_id)
     select o.order_id, o.stream_id, o.version from opened o;
   end $$`,
];
