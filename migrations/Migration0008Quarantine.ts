import { Migration } from '@mikro-orm/migrations';

const TABLES: readonly string[] = [
  // One row per pause of an account's sync of forms; at most one of an account is open.
  `create table sync_pauses (
     id uuid primary key,
     account_id bigint not null,
     causes jsonb not null,
     forms int not null,
     paused_at timestamptz not null default now(),
     resumed_at timestamptz,
     resumed_by text
   )`,
  `create unique index sync_pauses_open on sync_pauses (account_id) where resumed_at is null`,
  `create index sync_pauses_of_account on sync_pauses (account_id, paused_at desc)`,

  // Data keys for what belongs to no order of ours. An expired one is emptied, and with it everything sealed under it.
  `create table quarantine_keys (
     id uuid primary key,
     account_id bigint not null,
     wrapped_key bytea,
     created_at timestamptz not null default now(),
     expires_at timestamptz not null
   )`,
  `create index quarantine_keys_of_account on quarantine_keys (account_id, created_at desc)`,
  `create index quarantine_keys_expiring on quarantine_keys (expires_at) where wrapped_key is not null`,

  // What was not recorded, whole, with the reason. The same content of an order again is counted, not stored twice.
  `create table quarantine_items (
     id uuid primary key default gen_random_uuid(),
     account_id bigint not null,
     order_id text not null,
     content_key bytea not null,
     kind text not null check (kind in ('form', 'event')),
     status text not null default 'held' check (status in ('held', 'released', 'rejected', 'superseded')),
     reasons jsonb not null,
     -- Version of the last form we held of the order when this one came.
     held_version int,
     pause_id uuid,
     -- Null: sealed under the order's own key, and erased with it.
     key_id uuid,
     sealed bytea not null,
     observed_at timestamptz not null,
     trace_id text,
     times_seen int not null default 1,
     first_seen_at timestamptz not null default now(),
     last_seen_at timestamptz not null default now(),
     decided_at timestamptz,
     decided_by text,
     unique (account_id, order_id, content_key)
   ) with (fillfactor = 85)`,
  `create index quarantine_of_account on quarantine_items (account_id, first_seen_at desc, id desc)`,
  `create index quarantine_held on quarantine_items (account_id, observed_at, id) where status = 'held'`,

  // What the judgements of an account came to, by minute: small batches make a pattern only together.
  `create table sync_judgements (
     account_id bigint not null,
     minute timestamptz not null,
     judged int not null,
     held int not null,
     cancelled int not null,
     foreign_ids int not null,
     primary key (account_id, minute)
   ) with (fillfactor = 70)`,

  // consecutive: failures in a row while other orders could be read; parked_at: since when the order is tried rarely.
  // answer: what Allegro said, sealed like a quarantined document. tries: the last attempts, newest last, without anything personal.
  `alter table owed_forms
     add column consecutive int not null default 0,
     add column parked_at timestamptz,
     add column answer_sealed bytea,
     add column answer_key_id uuid,
     add column answer_content_type text,
     add column tries jsonb not null default '[]'`,
];

/** Quarantine, pauses, and what a failed order remembers of its tries. */
export class Migration0008Quarantine extends Migration {
  override up(): void {
    for (const statement of TABLES) this.addSql(statement);
    this.addSql(`grant select, insert, update on sync_pauses, quarantine_keys, quarantine_items to order_service`);
    this.addSql(`grant select, insert, update, delete on sync_judgements to order_service`);
  }
}
