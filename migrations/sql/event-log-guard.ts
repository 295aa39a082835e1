/** Grants, then the guard of the schema itself (needs a superuser; without one the grants and triggers stand alone). */
export const LOG_GUARD: readonly string[] = [
  `revoke all on all functions in schema event_log from public`,
  `grant usage on schema event_log, vault to order_service`,
  `grant select on all tables in schema event_log to order_service`,
  `grant insert, update on event_log.writer_leases to order_service`,
  // Delivered announcements age out; the log never does.
  `grant delete on event_log.outbox to order_service`,
  `grant select on vault.order_keys to order_service`,
  `grant execute on function event_log.load(bigint, jsonb), event_log.append(bigint, bigint, jsonb, jsonb), event_log.open_epoch() to order_service`,

  // In a schema of its own: inside event_log, DROP SCHEMA event_log CASCADE would drop the guard first and pass.
  `create schema guard`,
  `create function guard.refuse_log_change() returns event_trigger language plpgsql security definer set search_path = pg_catalog as $$
   declare item record; begin
     if current_setting('event_log.maintenance', true) = 'on' and pg_has_role(session_user, (select nspowner from pg_namespace where nspname = 'event_log'), 'member') then return; end if;
     if tg_event = 'sql_drop' then
       for item in select object_identity, schema_name from pg_event_trigger_dropped_objects() where not is_temporary loop
         if item.schema_name in ('event_log', 'vault', 'guard') or item.object_identity ~ '(^| on )(event_log|vault|guard)([.]|$)' then
           raise exception 'append-only: % of % needs event_log.maintenance', tg_tag, item.object_identity using errcode = 'restrict_violation';
         end if;
       end loop;
     elsif tg_tag not in ('CREATE INDEX', 'COMMENT') then
       for item in select object_identity, schema_name from pg_event_trigger_ddl_commands() loop
         if item.schema_name in ('event_log', 'vault', 'guard') or item.object_identity ~ '(^| on )(event_log|vault|guard)([.]|$)' then
           raise exception 'append-only: % on % needs event_log.maintenance', tg_tag, item.object_identity using errcode = 'restrict_violation';
         end if;
       end loop;
     end if;
   end $$`,
  `do $$ begin
     if (select rolsuper from pg_roles where rolname = current_user) then
       -- The service measures how long the oldest transaction holds the feed back, whoever opened it.
       grant pg_read_all_stats to order_service;
       create event trigger guard_log_drop on sql_drop execute function guard.refuse_log_change();
       create event trigger guard_log_ddl on ddl_command_end execute function guard.refuse_log_change();
     else
       raise notice 'not a superuser: the event trigger that guards the schema of the log was not created';
     end if;
   end $$`,
];
