const ISO = (column: string) => `to_json(to_char(e.${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))`;
const OR_NULL = (column: string) => `coalesce(to_json(e.${column})::text, 'null')`;

/** Streams come only in the transaction that found the account empty. */
const THIS_IMPORT = `select * into import from event_log.imports i where i.account_id = p_account and i.xid = pg_current_xact_id();
     if not found then
       raise exception 'account % is imported into only by the transaction that found it empty', p_account using errcode = 'object_not_in_prerequisite_state';
     end if;`;

/**
 * The way of another installation's log into an empty account, and no other: whole streams from their first event, whose hashes
 * the database itself computes again. One import at a time, so that reserving sequence numbers is no race.
 */
export const IMPORT_FUNCTIONS: readonly string[] = [
  // The hash of an event as the service computes it (src/platform/event-log/hash-chain.ts).
  `create function event_log.chain_hash(p_account bigint, e event_log.order_events) returns bytea language sql stable
   set search_path = pg_catalog, pg_temp as $$
     select sha256(e.prev_hash
       || convert_to('[' || concat_ws(',', to_json(p_account::text), to_json(e.order_id), e.version, to_json(e.type), to_json(e.source), e.schema_version,
            to_json(e.dedup_key), ${ISO('occurred_at')}, ${ISO('observed_at')}, ${ISO('recorded_at')}, to_json(e.actor),
            ${OR_NULL('causation_id')}, ${OR_NULL('trace_id')}) || ']', 'UTF8')
       || sha256(convert_to(e.payload::text, 'UTF8')) || coalesce(sha256(e.sealed), ''))
   $$`,

  `create function event_log.begin_import(p_account bigint, p_import jsonb) returns void
   language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
   declare given event_log.imports := jsonb_populate_record(null::event_log.imports, p_import); begin
     perform pg_advisory_xact_lock(hashtext('import of an account'));
     if not exists (select from public.accounts a where a.id = p_account)
        or exists (select from event_log.streams s where s.account_id = p_account)
        or exists (select from event_log.imports i where i.account_id = p_account) then
       raise exception 'account % is not there or not empty', p_account using errcode = 'object_not_in_prerequisite_state';
     end if;
     if given.high_sequence < given.low_sequence then raise exception 'sequence numbers run backwards' using errcode = 'check_violation'; end if;
     given.first_sequence := nextval('event_log.event_sequence');
     perform setval('event_log.event_sequence', given.first_sequence + (given.high_sequence - given.low_sequence));
     insert into event_log.imports (account_id, archive_id, digest, source, imported_by, low_sequence, high_sequence, first_sequence)
     values (p_account, given.archive_id, given.digest, given.source, given.imported_by, given.low_sequence, given.high_sequence, given.first_sequence);
   end $$`,

  // p_streams in the order they were born in. Answers the streams' numbers here.
  `create function event_log.import_streams(p_account bigint, p_streams jsonb, p_events jsonb, p_keys jsonb)
   returns table (order_id text, stream_id bigint)
   language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
   #variable_conflict use_column
   declare import event_log.imports; born bigint[]; flawed text; current_epoch int := (select max(epoch) from event_log.epochs); begin
     ${THIS_IMPORT}
     with new as (
       insert into event_log.streams as s (account_id, order_id, version, tip_hash, recorded_at, content_version, content_hash, content_revision)
       select p_account, h.order_id, h.version, h.tip, h.recorded_at, h.content_version, h.content_hash, h.content_revision
       from jsonb_to_recordset(p_streams) as h (order_id text, place int, version int, tip bytea, recorded_at timestamptz, content_version int,
         content_hash bytea, content_revision text) order by h.place
       returning s.stream_id)
     select array_agg(n.stream_id) into born from new n;
     insert into event_log.stream_origins (stream_id, account_id, chain_account_id, origin_stream_id, version, tip_hash, places)
     select s.stream_id, p_account, h.chain_account_id, h.origin_stream_id, h.version, h.tip, h.places
     from jsonb_to_recordset(p_streams) as h (order_id text, version int, tip bytea, chain_account_id bigint, origin_stream_id bigint, places bytea)
     join event_log.streams s on s.stream_id = any (born) and s.order_id = h.order_id;
     insert into event_log.order_events (stream_id, version, account_id, order_id, type, source, schema_version, dedup_key, occurred_at, observed_at,
       recorded_at, payload, sealed, actor, causation_id, trace_id, prev_hash, hash, epoch, seq)
     select s.stream_id, e.version, p_account, e.order_id, e.type, e.source, e.schema_version, e.dedup_key, e.occurred_at, e.observed_at,
       e.recorded_at, e.payload::json, e.sealed, e.actor, e.causation_id, e.trace_id, e.prev_hash, e.hash, current_epoch,
       import.first_sequence + (e.seq - import.low_sequence)
     from jsonb_to_recordset(p_events) as e (order_id text, version int, type text, source text, schema_version smallint, dedup_key text,
       occurred_at timestamptz, observed_at timestamptz, recorded_at timestamptz, payload text, sealed bytea, actor text, causation_id text,
       trace_id text, prev_hash bytea, hash bytea, seq bigint)
     join event_log.streams s on s.stream_id = any (born) and s.order_id = e.order_id
     order by s.stream_id, e.version;

     select c.order_id into flawed from (
       select s.order_id, s.version as versions, s.tip_hash, (e).version, (e).hash, (e).prev_hash, (e).seq, row_number() over stream as place,
         lag((e).hash, 1, decode(repeat('00', 32), 'hex')) over stream as before, count(*) over (partition by s.stream_id) as events,
         event_log.chain_hash(o.chain_account_id, e) as computed
       from event_log.streams s join event_log.stream_origins o on o.stream_id = s.stream_id
       left join event_log.order_events e on e.stream_id = s.stream_id
       where s.stream_id = any (born) window stream as (partition by s.stream_id order by (e).version)) c
     where c.version is distinct from c.place or c.prev_hash is distinct from c.before or c.hash is distinct from c.computed or c.events <> c.versions
       or (c.version = c.versions and c.hash <> c.tip_hash)
       or c.seq not between import.first_sequence and import.first_sequence + (import.high_sequence - import.low_sequence) limit 1;
     if flawed is not null then raise exception 'the stream of order "%" is not whole', flawed using errcode = 'check_violation'; end if;

     insert into vault.order_keys (stream_id, account_id, buyer_ref, wrapped_key, created_at, destroyed_at, erasure_id)
     select s.stream_id, p_account, k.buyer_ref, k.wrapped_key, k.created_at, k.destroyed_at, k.erasure_id
     from jsonb_to_recordset(p_keys) as k (order_id text, dedup_key text, buyer_ref bytea, wrapped_key bytea, created_at timestamptz,
       destroyed_at timestamptz, erasure_id uuid)
     join event_log.streams s on s.stream_id = any (born) and s.order_id = k.order_id where k.dedup_key is null;
     insert into vault.event_keys (stream_id, dedup_key, account_id, buyer_ref, wrapped_key, created_at, destroyed_at, erasure_id)
     select s.stream_id, k.dedup_key, p_account, k.buyer_ref, k.wrapped_key, k.created_at, k.destroyed_at, k.erasure_id
     from jsonb_to_recordset(p_keys) as k (order_id text, dedup_key text, buyer_ref bytea, wrapped_key bytea, created_at timestamptz,
       destroyed_at timestamptz, erasure_id uuid)
     join event_log.streams s on s.stream_id = any (born) and s.order_id = k.order_id where k.dedup_key is not null;

     return query select s.order_id, s.stream_id from event_log.streams s where s.stream_id = any (born);
   end $$`,

  `create function event_log.import_seals(p_account bigint, p_seals jsonb) returns void
   language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
   declare import event_log.imports; begin
     ${THIS_IMPORT}
     insert into event_log.imported_seals (account_id, number, line)
     select p_account, s.number, s.line::json from jsonb_to_recordset(p_seals) as s (number bigint, line text);
   end $$`,

  // Who was erased where the log comes from. Their keys did not come along; the orders are known as erased by their ids.
  `create function vault.import_erasures(p_account bigint, p_erasures jsonb) returns void
   language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
   declare import event_log.imports; begin
     ${THIS_IMPORT}
     insert into vault.erasures (id, account_id, tenant_id, until, requested_by, reason, origin, order_ids, erased_at)
     select r.id, p_account, a.tenant_id, r.until, import.imported_by, 'erased before the account was imported', 'list', r.order_ids, r.erased_at
     from jsonb_to_recordset(p_erasures) as r (id uuid, until timestamptz, order_ids text[], erased_at timestamptz)
     join public.accounts a on a.id = p_account;
     insert into vault.erased_buyers (account_id, buyer_ref, erasure_id, until)
     select p_account, ref, r.id, r.until
     from jsonb_to_recordset(p_erasures) as r (id uuid, until timestamptz, refs bytea[]), unnest(r.refs) ref;
   end $$`,

  `revoke all on function event_log.chain_hash(bigint, event_log.order_events), event_log.begin_import(bigint, jsonb),
     event_log.import_streams(bigint, jsonb, jsonb, jsonb), event_log.import_seals(bigint, jsonb), vault.import_erasures(bigint, jsonb) from public`,
  `grant execute on function event_log.begin_import(bigint, jsonb), event_log.import_streams(bigint, jsonb, jsonb, jsonb),
     event_log.import_seals(bigint, jsonb), vault.import_erasures(bigint, jsonb) to order_service`,
];
