import { Migration } from '@mikro-orm/migrations';

const TABLES = [
  // The shape rate-limiter-flexible writes to. Unlogged: after a crash of PostgreSQL a window of seconds starts empty, nothing more.
  `create unlogged table allegro_budget_windows (
    key varchar(255) primary key,
    points integer not null default 0,
    expire bigint
  ) with (fillfactor = 50)`,
  `comment on table allegro_budget_windows is 'Requests sent to Allegro in the current window, per client_id; used without Redis'`,
  `create table allegro_request_stops (
    client_key text primary key,
    blocked_until_ms bigint not null,
    strikes integer not null check (strikes >= 0),
    probe_until_ms bigint not null,
    version bigint not null
  )`,
  `comment on table allegro_request_stops is 'The stop that a 429 of Allegro puts on a client_id in all processes; used without Redis'`,
  `grant select, insert, update on allegro_budget_windows, allegro_request_stops to order_service`,
];

/** The shared request budget towards Allegro, for installations without Redis. The service may not create tables itself. */
export class Migration0007Budget extends Migration {
  override up(): void {
    for (const statement of TABLES) this.addSql(statement);
  }
}
