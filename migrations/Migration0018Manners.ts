import { Migration } from '@mikro-orm/migrations';

const STATEMENTS = [
  `create table idempotency_keys (
     tenant_id text not null,
     actor text not null,
     key text not null,
     fingerprint bytea not null,
     owner uuid,
     locked_until timestamptz not null,
     status smallint,
     answer bytea,
     created_at timestamptz not null default clock_timestamp(),
     primary key (tenant_id, actor, key)
   )`,
  `comment on table idempotency_keys is 'Requests that carried an Idempotency-Key, for a day: a keyed hash of what was asked, the sealed answer'`,
  `create index idempotency_keys_by_age on idempotency_keys (created_at)`,
  `grant select, insert, update, delete on idempotency_keys to order_service`,
];

/** What the interface remembers of its callers so that a repeated request does nothing twice. */
export class Migration0018Manners extends Migration {
  override up(): void {
    for (const statement of STATEMENTS) this.addSql(statement);
  }
}
