import { Migration } from '@mikro-orm/migrations';

const SEALS: readonly string[] = [
  // The seal of a stretch of the feed: from (exclusive) to (inclusive). Each root covers the one before it, so the last one stands for all.
  `create table event_log.seals (
     number bigint primary key,
     from_epoch int not null,
     from_xid xid8 not null,
     from_seq bigint not null,
     to_epoch int not null,
     to_xid xid8 not null,
     to_seq bigint not null,
     events int not null check (events > 0),
     previous_root bytea not null,
     root bytea not null,
     signature bytea,
     key_id text,
     sealed_at timestamptz not null
   )`,
  // One account's part of a seal, so that an account is proved without the events of others.
  // leaves: 16 bytes an event (stream, version, start of its hash), which name the event that is gone.
  `create table event_log.seal_parts (
     account_id bigint not null,
     number bigint not null,
     events int not null check (events > 0),
     digest bytea not null,
     leaves bytea not null,
     primary key (account_id, number)
   )`,
  `create index seal_parts_of_a_seal on event_log.seal_parts (number)`,
  `alter table event_log.seal_parts alter leaves set storage external`,
  ...['seals', 'seal_parts'].flatMap((table) => [
    `create trigger refuse_row_change before update or delete on event_log.${table} for each row execute function event_log.refuse_change()`,
    `alter table event_log.${table} enable always trigger refuse_row_change`,
    `select event_log.wall_off('${table}')`,
  ]),

  // Answers false when another seal came first: a seal continues exactly the last one, or is not written.
  `create function event_log.add_seal(p_seal jsonb, p_parts jsonb) returns boolean language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
   declare latest event_log.seals; given event_log.seals; begin
     select * into latest from event_log.seals order by number desc limit 1;
     given := jsonb_populate_record(null::event_log.seals, p_seal);
     if given.number <> coalesce(latest.number, 0) + 1
        or given.previous_root <> coalesce(latest.root, decode(repeat('00', 32), 'hex'))
        or (given.from_epoch, given.from_xid, given.from_seq) is distinct from (coalesce(latest.to_epoch, 0), coalesce(latest.to_xid, '0'::xid8), coalesce(latest.to_seq, 0))
        or (given.to_epoch, given.to_xid, given.to_seq) <= (given.from_epoch, given.from_xid, given.from_seq) then
       return false;
     end if;
     insert into event_log.seals values (given.*);
     insert into event_log.seal_parts select (jsonb_populate_record(null::event_log.seal_parts, part)).* from jsonb_array_elements(p_parts) as part;
     return true;
   end $$`,
  `revoke all on function event_log.add_seal(jsonb, jsonb) from public`,
  `grant select on event_log.seals, event_log.seal_parts to order_service`,
  `grant execute on function event_log.add_seal(jsonb, jsonb) to order_service`,
];

const ALERTS: readonly string[] = [
  // watching: bad looks are counted and nobody is told yet. told_state: what the receiver heard last; differs while a message is owed.
  `create table alerts (
     id bigint generated always as identity primary key,
     kind text not null,
     tenant_id text,
     account_id bigint,
     subject text not null default '',
     state text not null check (state in ('watching', 'open', 'closed')),
     bad_looks int not null default 0,
     good_looks int not null default 0,
     detail text not null,
     figures jsonb not null default '{}',
     told_state text,
     first_seen_at timestamptz not null default now(),
     opened_at timestamptz,
     closed_at timestamptz,
     updated_at timestamptz not null default now()
   )`,
  `create unique index alerts_live on alerts (kind, coalesce(account_id, 0), subject) where state <> 'closed'`,
  `create index alerts_of_tenant on alerts (tenant_id, id desc)`,
  `create index alerts_untold on alerts (id) where state <> 'watching' and told_state is distinct from state`,
  `grant select, insert, update, delete on alerts to order_service`,
];

/** Seals over the feed of the log, and the alerts of the monitoring. */
export class Migration0011Seals extends Migration {
  override up(): void {
    this.addSql(`set local event_log.maintenance = 'on'`);
    for (const statement of [...SEALS, ...ALERTS]) this.addSql(statement);
  }
}
