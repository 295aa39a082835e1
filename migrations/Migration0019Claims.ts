import { Migration } from '@mikro-orm/migrations';

const STATEMENTS = [
  // A row stays for ever once an order was claimed, so that its fencing token only grows; lease_id null: given back.
  `create table order_claims (
     stream_id bigint not null,
     purpose text not null check (purpose in ('stock', 'invoice')),
     account_id bigint not null,
     order_id text not null,
     fencing_token bigint not null check (fencing_token > 0),
     lease_id uuid,
     holder text not null,
     claimed_at timestamptz not null,
     expires_at timestamptz not null,
     primary key (stream_id, purpose)
   ) with (fillfactor = 85)`,
  `comment on table order_claims is 'Who works on an order now, for a purpose: only the holder sets the flag of that purpose until expires_at'`,
  `create index order_claims_held on order_claims (account_id, stream_id, purpose) where lease_id is not null`,
  `grant select, insert, update on order_claims to order_service`,
];

/** Claims on orders, for teams and programs that share the work on them. */
export class Migration0019Claims extends Migration {
  override up(): void {
    for (const statement of STATEMENTS) this.addSql(statement);
  }
}
