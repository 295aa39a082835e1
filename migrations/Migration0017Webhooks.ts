import { Migration } from '@mikro-orm/migrations';

const TABLES: readonly string[] = [
  // url and secret are sealed: the address of a receiver often holds a secret of its own.
  // Empty filters let everything through. since_*: announcements before this place are none of its business.
  // replay_*: how far a replay got, replay_since what it was asked for; null when none runs.
  `create table webhooks (
     id uuid primary key,
     tenant_id text not null,
     description text,
     url bytea not null,
     event_types text[] not null,
     token_ids uuid[] not null,
     account_ids bigint[] not null,
     payload text not null check (payload in ('thin', 'full')),
     state text not null check (state in ('active', 'disabled', 'deleted')),
     disabled_reason text check (disabled_reason in ('by_tenant', 'gone', 'failing')),
     disabled_at timestamptz,
     secret bytea not null,
     since_epoch int not null,
     since_xid xid8 not null,
     since_seq bigint not null,
     replay_since timestamptz,
     replay_epoch int,
     replay_xid xid8,
     replay_seq bigint,
     failures int not null default 0,
     failing_since timestamptz,
     quiet_until timestamptz,
     last_success_at timestamptz,
     created_at timestamptz not null default now(),
     updated_at timestamptz not null default now()
   ) with (fillfactor = 70)`,
  `create index webhooks_of_tenant on webhooks (tenant_id, created_at, id) where state <> 'deleted'`,
  `create index webhooks_replaying on webhooks (id) where replay_since is not null`,
  `create index webhooks_deleted on webhooks (id) where state = 'deleted'`,

  // Secrets of before, sealed: each signs beside the present one for as long as its tenant was promised.
  `create table webhook_previous_secrets (
     webhook_id uuid not null,
     secret bytea not null,
     valid_until timestamptz not null
   )`,
  `create index webhook_previous_secrets_of on webhook_previous_secrets (webhook_id)`,

  // How far announcements have become deliveries: moved by the transaction that writes them.
  `create table webhook_feed (
     only_row boolean primary key default true check (only_row),
     epoch int not null,
     xid xid8 not null,
     seq bigint not null
   ) with (fillfactor = 10)`,
  `insert into webhook_feed (epoch, xid, seq) select coalesce(max(epoch), 0), pg_snapshot_xmin(pg_current_snapshot()), 0 from event_log.epochs`,

  // What is owed to receivers: ids, sequence and changed paths; bodies are rendered at sending. The id follows from webhook,
  // announcement and topic, so that the same event is the same message for ever. claim: the process that sends it now.
  `create table webhook_deliveries (
     id uuid primary key,
     webhook_id uuid not null,
     topic text not null,
     subject_id uuid,
     epoch int,
     xid xid8,
     seq bigint,
     account_id bigint,
     order_id text,
     version int,
     sequence bigint,
     changed text[] not null default '{}',
     announced_at timestamptz not null,
     state text not null default 'owed' check (state in ('owed', 'delivered', 'failed')),
     attempts int not null default 0,
     failures int not null default 0,
     next_attempt_at timestamptz not null default now(),
     give_up_at timestamptz not null,
     claim uuid,
     claimed_until timestamptz,
     created_at timestamptz not null default now(),
     finished_at timestamptz
   ) with (fillfactor = 80)`,
  `create index webhook_deliveries_due on webhook_deliveries (webhook_id, next_attempt_at) where state = 'owed'`,
  `create index webhook_deliveries_in_order on webhook_deliveries (webhook_id, account_id, order_id, sequence) where state = 'owed'`,
  `create index webhook_deliveries_claimed on webhook_deliveries (webhook_id) where claim is not null`,
  `create index webhook_deliveries_log on webhook_deliveries (webhook_id, created_at desc, id desc)`,
  `create index webhook_deliveries_of_order on webhook_deliveries (account_id, order_id, created_at desc) where order_id <> ''`,
  `create index webhook_deliveries_ended on webhook_deliveries (finished_at) where finished_at is not null`,

  // answer: the beginning of what a receiver said to a failed attempt, sealed; it may repeat a buyer's data.
  `create table webhook_attempts (
     delivery_id uuid not null,
     attempt int not null,
     account_id bigint,
     order_id text,
     started_at timestamptz not null,
     duration_ms int not null,
     outcome text not null,
     status int,
     answer bytea,
     primary key (delivery_id, attempt)
   )`,
  `create index webhook_attempts_answers on webhook_attempts (account_id, order_id) where answer is not null`,
  `grant select, insert, update, delete on webhooks, webhook_previous_secrets, webhook_deliveries, webhook_attempts to order_service`,
  `grant select, update on webhook_feed to order_service`,
];

/** Subscriptions of tenants to what happens, what is owed to their receivers, and how each attempt went. */
export class Migration0017Webhooks extends Migration {
  override up(): void {
    for (const statement of TABLES) this.addSql(statement);
  }
}
