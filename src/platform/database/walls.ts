import type { Database } from './database.js';
import { DURABILITY_SETTINGS, type ServerSetting, undurable } from '../http/health/durability.js';

export interface Wall {
  readonly wall: string;
  readonly stands: boolean;
  /** Where it is broken; empty when it stands. */
  readonly missing: readonly string[];
  /** An optional wall stands before others that hold alone. */
  readonly optional: boolean;
}

/** Each answers the broken places, one a row; none means that the wall stands. */
const WALLS: Readonly<Record<string, string>> = {
  // Row and statement triggers fire in every session only as 'always': a replica's session skips the others.
  'triggers of the log, on every partition': `
    select c.oid::regclass::text as place from pg_class c
    where c.oid in (select relid from pg_partition_tree('event_log.order_events')
                    union all select oid from pg_class where relnamespace = 'event_log'::regnamespace and relname in ('seals', 'seal_parts')
                    union all select unnest(array['public.audit_entries', 'public.setting_changes']::regclass[]))
      and not (array(select t.tgtype & 1 from pg_trigger t where t.tgrelid = c.oid and t.tgname like 'refuse%' and t.tgenabled = 'A') @> array[0, 1])
    order by 1`,
  'grants: the login cannot change what was recorded': `
    select format('%s on %s', privilege, c.oid::regclass) as place
    from pg_class c, unnest(array['update', 'delete', 'truncate', 'insert']) as privilege
    where (c.oid in (select relid from pg_partition_tree('event_log.order_events')) or c.oid in ('event_log.streams'::regclass, 'vault.order_keys'::regclass)
        or (c.oid = any (array['public.audit_entries', 'public.setting_changes']::regclass[]) and privilege <> 'insert'))
      and has_table_privilege(current_user, c.oid, privilege) order by 1`,
  'login: neither superuser nor owner': `
    select rolname as place from pg_roles where pg_has_role(current_user, oid, 'member')
      and (rolsuper or oid in (select relowner from pg_class where oid in ('event_log.order_events'::regclass, 'public.audit_entries'::regclass)))`,
  'epoch: the feed was opened in this cluster': `
    select 'epoch ' || epoch as place from event_log.epochs
    where epoch = (select max(epoch) from event_log.epochs) and system_identifier <> (select system_identifier::text from pg_control_system())`,
  'extension: pg_trgm, for the search': `select 'pg_trgm' as place where not exists (select from pg_extension where extname = 'pg_trgm')`,
};

/** Needs a superuser once; grants and row triggers hold without it. */
const EVENT_TRIGGERS = `
  select name as place from unnest(array['guard_log_ddl', 'guard_log_drop']) as name
  where not exists (select from pg_event_trigger where evtname = name and evtenabled <> 'D')`;

/** Which walls around the log stand, as seen by this connection; reads only. */
export async function inspectWalls(database: Pick<Database, 'query'>): Promise<Wall[]> {
  const look = async (wall: string, sql: string, optional: boolean): Promise<Wall> => {
    const rows = await database.query<{ place: string }>(sql);
    return toWall(
      wall,
      rows.map(({ place }) => place),
      optional,
    );
  };
  const walls: Wall[] = [];
  for (const [wall, sql] of Object.entries(WALLS)) walls.push(await look(wall, sql, false));
  walls.push(toWall('durability: a commit outlives a crash', undurable(await database.query<ServerSetting>(DURABILITY_SETTINGS)), false));
  walls.push(await look('event trigger: nobody changes the schema of the log by mistake', EVENT_TRIGGERS, true));
  return walls;
}

function toWall(wall: string, missing: readonly string[], optional: boolean): Wall {
  return { wall, stands: missing.length === 0, missing, optional };
}
