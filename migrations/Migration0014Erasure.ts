import { Migration } from '@mikro-orm/migrations';

/** Erasures and appends of one account take turns by it; `order_service` knows the same text. */
const GATE = `hashtextextended('erasure:' || p_account, 0)`;

const VAULT: readonly string[] = [
  // Keys of single events in an account's stream: a purchase the journal tells of without naming its order.
  `create table vault.event_keys (
     stream_id bigint not null,
     dedup_key text not null,
     account_id bigint not null,
     buyer_ref bytea,
     wrapped_key bytea,
     created_at timestamptz not null default now(),
     destroyed_at timestamptz,
     erasure_id uuid,
     primary key (stream_id, dedup_key)
   )`,
  `create index event_keys_of_a_buyer on vault.event_keys (account_id, buyer_ref)`,
  `alter table vault.order_keys add column erasure_id uuid`,
  `create index order_keys_of_an_erasure on vault.order_keys (erasure_id) where erasure_id is not null`,
  `create index event_keys_of_an_erasure on vault.event_keys (erasure_id) where erasure_id is not null`,

  // Who was erased, by whom and until which purchase. Nothing here names a buyer; it is never changed, and kept for ever.
  `create table vault.erasures (
     id uuid primary key,
     account_id bigint not null,
     tenant_id text not null,
     until timestamptz not null,
     requested_by text not null,
     reason text not null,
     -- list: taken over from the list outside the database, which an older copy of the database does not know.
     origin text not null check (origin in ('request', 'list')),
     -- Orders erased by their id: those whose buyer nothing tells are found by nothing else.
     order_ids text[] not null,
     erased_at timestamptz not null
   )`,
  `create index erasures_of_tenant on vault.erasures (tenant_id, erased_at desc, id desc)`,
  // Keyed hashes of what a buyer is recognised by. Every append asks here.
  `create table vault.erased_buyers (
     account_id bigint not null,
     buyer_ref bytea not null,
     erasure_id uuid not null,
     until timestamptz not null,
     primary key (account_id, buyer_ref, erasure_id)
   )`,
  ...['erasures', 'erased_buyers'].flatMap((table) => [
    `create trigger refuse_change before update or delete on vault.${table} for each row execute function event_log.refuse_change()`,
    `create trigger refuse_truncate before truncate on vault.${table} for each statement execute function event_log.refuse_change()`,
    `alter table vault.${table} enable always trigger refuse_change`,
    `alter table vault.${table} enable always trigger refuse_truncate`,
  ]),

  // Answers false when the erasure is known. p_until null: now, and whatever the buyer is known to have bought by clocks ahead of ours.
  `create function vault.destroy_keys(p_id uuid, p_account bigint, p_tenant text, p_until timestamptz, p_actor text, p_reason text, p_refs bytea[],
     p_order_ids text[]) returns boolean language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
   declare cutoff timestamptz; begin
     perform pg_advisory_xact_lock(${GATE});
     if exists (select from vault.erasures where id = p_id) then return false; end if;
     cutoff := coalesce(p_until, greatest(date_trunc('milliseconds', clock_timestamp()), (
       select max(o.ordered_at) from vault.order_keys k join public.orders o on o.stream_id = k.stream_id
       where k.account_id = p_account and k.buyer_ref = any (p_refs) and o.ordered_at < clock_timestamp() + interval '1 day')));
     insert into vault.erasures (id, account_id, tenant_id, until, requested_by, reason, origin, order_ids, erased_at)
     values (p_id, p_account, p_tenant, cutoff, p_actor, p_reason, case when p_until is null then 'request' else 'list' end, p_order_ids, clock_timestamp());
     insert into vault.erased_buyers (account_id, buyer_ref, erasure_id, until) select distinct p_account, ref, p_id, cutoff from unnest(p_refs) ref;
     insert into vault.order_keys (stream_id, account_id)
     select s.stream_id, p_account from event_log.streams s where s.account_id = p_account and s.order_id = any (p_order_ids) and s.order_id <> ''
     on conflict do nothing;
     update vault.order_keys k set wrapped_key = null, destroyed_at = now(), erasure_id = p_id
     where k.erasure_id is null and k.account_id = p_account and k.stream_id in (
       select r.stream_id from vault.order_keys r left join public.orders o on o.stream_id = r.stream_id
       where r.account_id = p_account and r.buyer_ref = any (p_refs) and (p_until is null or coalesce(o.ordered_at, r.created_at) <= p_until)
       union all
       select s.stream_id from event_log.streams s where s.account_id = p_account and s.order_id = any (p_order_ids) and s.order_id <> '');
     update vault.event_keys k set wrapped_key = null, destroyed_at = now(), erasure_id = p_id
     where k.erasure_id is null and k.account_id = p_account and k.buyer_ref = any (p_refs) and (p_until is null or k.created_at <= p_until);
     return true;
   end $$`,
  // Whether anybody of the account was erased. Holds erasures of the account off until the asking transaction ends, so that what it
  // appends cannot slip in between; takes no transaction id.
  `create function vault.await_erasures(p_account bigint) returns boolean language plpgsql volatile set search_path = pg_catalog, pg_temp as $$ begin
     perform pg_advisory_xact_lock_shared(${GATE});
     return exists (select from vault.erased_buyers b where b.account_id = p_account);
   end $$`,
  `revoke all on function vault.destroy_keys(uuid, bigint, text, timestamptz, text, text, bytea[], text[]), vault.await_erasures(bigint) from public`,
  `grant select on vault.event_keys, vault.erasures, vault.erased_buyers to order_service`,
  `grant execute on function vault.destroy_keys(uuid, bigint, text, timestamptz, text, text, bytea[], text[]), vault.await_erasures(bigint)
     to order_service`,
];

const PUBLIC: readonly string[] = [
  // How far the copies are cleaned. traits_sealed: what the buyer is recognised by in copies, until they are all cleaned.
  `create table erasure_progress (
     erasure_id uuid primary key,
     tenant_id text not null,
     account_id bigint not null,
     task_id uuid,
     traits_sealed bytea,
     -- By holder of copies: how many it cleaned, and when.
     cleaned jsonb not null default '{}',
     listed_at timestamptz,
     completed_at timestamptz,
     updated_at timestamptz not null default now()
   ) with (fillfactor = 80)`,
  `create index erasures_unfinished on erasure_progress (erasure_id) where completed_at is null`,
  `grant select, insert, update on erasure_progress to order_service`,
  // Old versions of rows hold what was erased until they are vacuumed. Before 17 only their owner may: there autovacuum does it in its time.
  `do $$ begin
     if current_setting('server_version_num')::int >= 170000 then
       execute 'grant maintain on orders, order_documents, order_search, quarantine_items, owed_forms, tasks, vault.order_keys, vault.event_keys to order_service';
     end if;
   end $$`,

  `create function redact_audit_reasons(p_ids bigint[]) returns int language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
   declare redacted int; begin
     perform set_config('audit.redaction', 'on', true);
     update public.audit_entries set reason = '[erased]' where id = any (p_ids) and reason is distinct from '[erased]';
     get diagnostics redacted = row_count;
     perform set_config('audit.redaction', 'off', true);
     return redacted;
   end $$`,
  `revoke all on function redact_audit_reasons(bigint[]) from public`,
  `grant execute on function redact_audit_reasons(bigint[]) to order_service`,
];

/** Keys that can be destroyed, the list of who was erased, and how far the copies are cleaned. */
export class Migration0014Erasure extends Migration {
  override up(): void {
    this.addSql(`set local event_log.maintenance = 'on'`);
    for (const statement of [...VAULT, ...PUBLIC]) this.addSql(statement);
  }
}
