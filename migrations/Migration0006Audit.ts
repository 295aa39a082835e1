import { Migration } from '@mikro-orm/migrations';

const AUDIT_ENTRIES = `
create table audit_entries (
  id bigint generated always as identity primary key,
  recorded_at timestamptz not null default clock_timestamp(),
  actor text not null,
  actor_roles text[] not null,
  tenant_id text not null,
  action text not null,
  subject jsonb not null default '{}',
  reason text,
  request_id text
)`;

/** The one change there is: a reason that names an erased buyer is blotted out (the function that may do it comes with the erasures), the entry stays. */
const REFUSE_CHANGE = `
create function refuse_audit_change() returns trigger language plpgsql set search_path = pg_catalog as $$
begin
  if tg_op = 'UPDATE' and tg_level = 'ROW' and current_setting('audit.redaction', true) = 'on' then
    if new.reason = '[erased]' and to_jsonb(new) - 'reason' = to_jsonb(old) - 'reason' then return new; end if;
  end if;
  raise exception 'the audit trail is append-only: % is refused', tg_op using errcode = 'insufficient_privilege';
end $$`;

/** Who acted in whose tenant. Grants keep the service from changing it, triggers everybody else, the owner included. */
export class Migration0006Audit extends Migration {
  override up(): void {
    this.addSql(AUDIT_ENTRIES);
    this.addSql('create index audit_entries_of_tenant on audit_entries (tenant_id, id desc)');
    this.addSql('create index audit_entries_of_actor on audit_entries (actor, id desc)');
    this.addSql(REFUSE_CHANGE);
    this.addSql(`create trigger refuse_row_change before update or delete on audit_entries
      for each row execute function refuse_audit_change()`);
    this.addSql(`create trigger refuse_truncate before truncate on audit_entries
      for each statement execute function refuse_audit_change()`);
    this.addSql('alter table audit_entries enable always trigger refuse_row_change');
    this.addSql('alter table audit_entries enable always trigger refuse_truncate');
    this.addSql('grant select, insert on audit_entries to order_service');
  }
}
