import { Migration } from '@mikro-orm/migrations';

const TASKS = `
create table tasks (
  id uuid primary key default gen_random_uuid(),
  tenant_id text not null,
  account_id bigint,
  token_id uuid,
  queue_key text not null,
  task_type text not null,
  status text not null default 'PENDING' check (status in ('PENDING', 'STARTED', 'SUCCESS', 'FAILURE', 'REVOKED')),
  params jsonb not null default '{}',
  progress real check (progress between 0 and 1),
  result jsonb,
  error text,
  description text not null,
  parent_task_id uuid references tasks (id),
  attempts integer not null default 0,
  generation bigint not null default 0,
  due_at timestamptz not null default now(),
  enqueued_at timestamptz,
  heartbeat_at timestamptz,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz,
  updated_at timestamptz not null default now(),
  check ((status in ('SUCCESS', 'FAILURE', 'REVOKED')) = (finished_at is not null))
) with (fillfactor = 80)`;

/**
 * Owed work. No index holds heartbeat_at, enqueued_at or progress: a heartbeat every second or two then stays within its page.
 */
export class Migration0002Tasks extends Migration {
  override up(): void {
    this.addSql(TASKS);
    this.addSql(`create index tasks_waiting on tasks (due_at) where status = 'PENDING'`);
    this.addSql(`create index tasks_running on tasks (id) where status = 'STARTED'`);
    this.addSql(`create index tasks_of_tenant on tasks (tenant_id, created_at desc, id desc)`);
    this.addSql(`create index tasks_of_token on tasks (token_id, created_at desc, id desc) where token_id is not null`);
    this.addSql(`create index tasks_of_parent on tasks (parent_task_id) where parent_task_id is not null`);
    this.addSql(`grant select, insert, update on tasks to order_service`);
  }
}
