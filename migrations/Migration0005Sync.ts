import { Migration } from '@mikro-orm/migrations';

const TABLES: readonly string[] = [
  // How far an account's journal was read. Written only together with the events it passes.
  `create table sync_cursors (
     account_id bigint primary key,
     -- Allegro's newest event when the account was first synced: the journal is drained from here once the history is in.
     start_event_id text,
     started_at timestamptz not null,
     -- Start of the part of the history (by boughtAt) that is not in yet; null once it all is.
     history_from timestamptz,
     history_done_at timestamptz,
     last_event_id text,
     -- A stored older event id: now and then the journal is read again from there, because events can appear late.
     overlap_event_id text,
     overlap_read_at timestamptz,
     updated_at timestamptz not null default now()
   ) with (fillfactor = 70)`,

  // Forms an account still owes us: an order the cursor passed without its form having landed. The list of failed orders.
  `create table owed_forms (
     account_id bigint not null,
     order_id text not null,
     reason text not null check (reason in ('dirty', 'unavailable', 'missing', 'forbidden', 'malformed', 'unreadable')),
     attempts int not null default 0,
     next_try_at timestamptz not null,
     last_error text,
     last_status int,
     trace_id text,
     owed_since timestamptz not null default now(),
     updated_at timestamptz not null default now(),
     primary key (account_id, order_id)
   ) with (fillfactor = 70)`,
  `create index owed_forms_due on owed_forms (account_id, next_try_at)`,

  // The record of periodic syncs of a token: what is due, what runs, how the last one ended.
  `create table sync_schedules (
     token_id uuid primary key,
     tenant_id text not null,
     account_id bigint not null,
     is_active boolean not null,
     interval_minutes int not null check (interval_minutes between 1 and 1440),
     status text not null check (status in ('idle', 'due', 'running', 'held', 'failing', 'inactive')),
     next_run_at timestamptz,
     next_full_at timestamptz,
     due_since timestamptz,
     full_due_since timestamptz,
     enqueued_at timestamptz,
     last_run_at timestamptz,
     last_success_at timestamptz,
     last_error text,
     consecutive_failures int not null default 0,
     created_at timestamptz not null default now(),
     updated_at timestamptz not null default now()
   ) with (fillfactor = 70)`,
  `create index sync_schedules_next on sync_schedules (next_run_at) where is_active`,
  `create index sync_schedules_of_account on sync_schedules (account_id)`,
  `create index sync_schedules_of_tenant on sync_schedules (tenant_id) where is_active`,

  // A run is kept when a person asked for it, when it changed something or when it failed.
  `create table sync_runs (
     id uuid primary key,
     tenant_id text not null,
     account_id bigint not null,
     token_id uuid not null,
     task_id uuid unique,
     -- Of the account's writer lease: a worker that lost it may not end the run another one goes on with.
     generation bigint not null default 0,
     sync_type text not null check (sync_type in ('incremental', 'full')),
     sync_status text not null check (sync_status in ('RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED')),
     sync_started_at timestamptz not null,
     sync_completed_at timestamptz,
     sync_from_date timestamptz,
     sync_to_date timestamptz,
     orders_processed int not null default 0,
     orders_added int not null default 0,
     orders_updated int not null default 0,
     orders_failed int not null default 0,
     error_message text,
     -- Where a full sync goes on after its worker died.
     resume_from timestamptz,
     created_at timestamptz not null default now(),
     updated_at timestamptz not null default now()
   ) with (fillfactor = 80)`,
  `create index sync_runs_of_tenant on sync_runs (tenant_id, sync_started_at desc, id desc)`,
  `create index sync_runs_of_account on sync_runs (account_id, sync_started_at desc, id desc)`,
  `create index sync_runs_running on sync_runs (tenant_id) where sync_status = 'RUNNING'`,
];

/** What the sync of an account remembers: cursor, owed forms, schedules and runs. */
export class Migration0005Sync extends Migration {
  override up(): void {
    for (const statement of TABLES) this.addSql(statement);
    this.addSql(`grant select, insert, update on sync_cursors, sync_schedules, sync_runs to order_service`);
    this.addSql(`grant select, insert, update, delete on owed_forms to order_service`);
  }
}
