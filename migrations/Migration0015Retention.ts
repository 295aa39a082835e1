import { Migration } from '@mikro-orm/migrations';

const STATEMENTS: readonly string[] = [
  // Where the feed of an account begins now: the last announcement that was deleted. An older cursor has missed something.
  `create table change_cuts (
     account_id bigint primary key,
     epoch int not null,
     xid xid8 not null,
     seq bigint not null,
     cut_at timestamptz not null default now()
   ) with (fillfactor = 70)`,
  // Written once in the life of a row, so that heartbeats and progress still stay within their page.
  `create index tasks_ended on tasks (finished_at) where finished_at is not null`,
  `create index sync_runs_ended on sync_runs (sync_completed_at) where sync_completed_at is not null`,
  `create index alerts_closed on alerts (closed_at) where state = 'closed'`,
  `grant select, insert, update on change_cuts to order_service`,
  `grant delete on tasks, sync_runs to order_service`,
];

/** What is over and done with may age out; the log of events never does. */
export class Migration0015Retention extends Migration {
  override up(): void {
    for (const statement of STATEMENTS) this.addSql(statement);
  }
}
