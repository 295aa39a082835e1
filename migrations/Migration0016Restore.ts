import { Migration } from '@mikro-orm/migrations';

const STATEMENTS: readonly string[] = [
  // What an application would change, by ids and versions alone: values are read from the log when they are shown.
  // digest: of every line of restore_plan_orders, so that what is applied is what was shown.
  `create table restore_plans (
     id uuid primary key,
     tenant_id text not null,
     account_id bigint not null,
     as_of timestamptz not null,
     orders int not null check (orders > 0),
     left_out text[] not null,
     next_after text,
     digest bytea not null,
     created_by text not null,
     created_at timestamptz not null default now(),
     expires_at timestamptz not null,
     applied_at timestamptz,
     applied_by text
   )`,
  `create index restore_plans_of_account on restore_plans (account_id, created_at desc, id desc)`,
  `create index restore_plans_unapplied on restore_plans (expires_at) where applied_at is null`,
  // version and tip_hash: where the order's stream ended when the plan was made; restored_version: what it is put back to.
  `create table restore_plan_orders (
     plan_id uuid not null,
     order_id text not null,
     stream_id bigint not null,
     version int not null,
     tip_hash bytea not null,
     restored_version int not null check (restored_version > 0 and restored_version < version),
     primary key (plan_id, order_id)
   )`,
  // An applied plan is the cause its events name: it stays. The service may mark a plan as applied and change nothing else of it.
  `grant select, insert, delete on restore_plans, restore_plan_orders to order_service`,
  `grant update (applied_at, applied_by) on restore_plans to order_service`,
];

/** Plans for putting orders back to an instant. */
export class Migration0016Restore extends Migration {
  override up(): void {
    for (const statement of STATEMENTS) this.addSql(statement);
  }
}
