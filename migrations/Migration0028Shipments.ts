import { Migration } from '@mikro-orm/migrations';

const STATEMENTS: readonly string[] = [
  // Orders whose parcel numbers are to be read. A row is gone once they were read twice; one that was given up stays until the order changes.
  // turn counts how often the order was owed, so that what is read for an older state settles nothing newer.
  `create table owed_shipments (
     account_id bigint not null,
     order_id text not null,
     turn int not null default 1,
     has_been_read boolean not null default false,
     attempts int not null default 0,
     next_try_at timestamptz not null default now(),
     given_up_at timestamptz,
     last_error text,
     last_status int,
     primary key (account_id, order_id)
   ) with (fillfactor = 80)`,
  `create index owed_shipments_due on owed_shipments (account_id, next_try_at) where given_up_at is null`,
  `grant select, insert, update, delete on owed_shipments to order_service`,
];

/** Parcel numbers are read by themselves: no checkout form names them. */
export class Migration0028Shipments extends Migration {
  override up(): void {
    for (const statement of STATEMENTS) this.addSql(statement);
  }
}
