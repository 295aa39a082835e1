import { Migration } from '@mikro-orm/migrations';

const STATEMENTS = [
  `create table setting_changes (
     id bigint generated always as identity primary key,
     name text not null,
     tenant_id text not null,
     version int not null check (version > 0),
     value jsonb,
     actor text not null,
     reason text,
     changed_at timestamptz not null default clock_timestamp(),
     unique (name, tenant_id, version)
   )`,
  `comment on table setting_changes is 'Who set which setting to what and why; the last version of each is what holds. No tenant: the installation. No value: the default'`,
  `create index setting_changes_of_tenant on setting_changes (tenant_id, name, version desc)`,

  // As in the audit trail, the one change there is: a reason that names an erased buyer is blotted out.
  `create function refuse_setting_change() returns trigger language plpgsql set search_path = pg_catalog as $$
   begin
     if tg_op = 'UPDATE' and tg_level = 'ROW' and current_setting('settings.redaction', true) = 'on' then
       if new.reason = '[erased]' and to_jsonb(new) - 'reason' = to_jsonb(old) - 'reason' then return new; end if;
     end if;
     raise exception 'the history of settings is append-only: % is refused', tg_op using errcode = 'insufficient_privilege';
   end $$`,
  `create trigger refuse_row_change before update or delete on setting_changes for each row execute function refuse_setting_change()`,
  `create trigger refuse_truncate before truncate on setting_changes for each statement execute function refuse_setting_change()`,
  `alter table setting_changes enable always trigger refuse_row_change`,
  `alter table setting_changes enable always trigger refuse_truncate`,
  `create function redact_setting_reasons(p_ids bigint[]) returns int language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
   declare redacted int; begin
     perform set_config('settings.redaction', 'on', true);
     update public.setting_changes set reason = '[erased]' where id = any (p_ids) and reason is distinct from '[erased]';
     get diagnostics redacted = row_count;
     perform set_config('settings.redaction', 'off', true);
     return redacted;
   end $$`,
  `revoke all on function redact_setting_reasons(bigint[]) from public`,

  `grant select, insert on setting_changes to order_service`,
  `grant execute on function redact_setting_reasons(bigint[]) to order_service`,
];

/** Settings of operators: the history is the one table, and what holds is its last row of each. */
export class Migration0023Settings extends Migration {
  override up(): void {
    for (const statement of STATEMENTS) this.addSql(statement);
  }
}
