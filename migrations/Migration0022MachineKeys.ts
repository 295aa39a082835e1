import { Migration } from '@mikro-orm/migrations';

const STATEMENTS = [
  // Hashes are HMACs under the pepper; the secret itself is nowhere. previous_hash is taken too until previous_until: both secrets of a rotation.
  `create table machine_keys (
     id uuid primary key,
     tenant_id text not null,
     name text not null,
     scopes text[] not null check (cardinality(scopes) > 0),
     secret_hash bytea not null check (octet_length(secret_hash) = 32),
     previous_hash bytea check (octet_length(previous_hash) = 32),
     previous_until timestamptz,
     created_by text not null,
     created_at timestamptz not null default now(),
     expires_at timestamptz not null,
     rotated_at timestamptz,
     revoked_at timestamptz,
     revoked_by text,
     last_used_at timestamptz,
     check ((previous_hash is null) = (previous_until is null)),
     check ((revoked_at is null) = (revoked_by is null))
   ) with (fillfactor = 80)`,
  `comment on table machine_keys is 'Keys with which machines call in place of a person: what each may do, until when, and keyed hashes of its secret'`,
  `create index machine_keys_of_tenant on machine_keys (tenant_id, created_at desc, id desc)`,
  `create index machine_keys_by_end on machine_keys (coalesce(revoked_at, expires_at))`,
  `grant select, insert, update, delete on machine_keys to order_service`,
];

/** Keys of machines. */
export class Migration0022MachineKeys extends Migration {
  override up(): void {
    for (const statement of STATEMENTS) this.addSql(statement);
  }
}
