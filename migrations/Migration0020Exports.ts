import { Migration } from '@mikro-orm/migrations';

const STATEMENTS: readonly string[] = [
  // members: the stream ids of the export's orders, 8 bytes each, as they stood in the list when the first run began.
  // orders_done, bytes: how far the file is written; a chunk lands only where they are still what its writer saw.
  `create table order_exports (
     id uuid primary key,
     tenant_id text not null,
     account_id bigint not null,
     token_id uuid not null,
     task_id uuid not null,
     format text not null check (format in ('csv', 'json', 'ndjson')),
     options jsonb not null,
     filters jsonb not null,
     members bytea,
     snapshot_at timestamptz,
     orders_total int,
     orders_done int not null default 0,
     bytes bigint not null default 0,
     sha256 bytea,
     created_by text not null,
     created_at timestamptz not null default now(),
     finished_at timestamptz,
     expires_at timestamptz,
     erased_at timestamptz,
     check ((finished_at is null) = (sha256 is null))
   )`,
  `create index order_exports_of_tenant on order_exports (tenant_id, created_at desc)`,
  `create index order_exports_of_account on order_exports (account_id) where erased_at is null`,
  `create index order_exports_by_age on order_exports (coalesce(finished_at, created_at))`,
  // starts_at, length: of the plain bytes within the file, so that a range is found without opening what stands before it.
  `create table order_export_chunks (
     export_id uuid not null,
     starts_at bigint not null,
     length int not null check (length > 0),
     sealed bytea not null,
     primary key (export_id, starts_at)
   )`,
  // What is sealed does not compress; trying would cost every write.
  `alter table order_export_chunks alter column sealed set storage external`,
  `comment on table order_export_chunks is 'Pieces of export files: gzip, then sealed; whole files are deleted when they expire or hold a buyer who is erased'`,
  `grant select, insert, update, delete on order_exports, order_export_chunks to order_service`,
  // Old versions of deleted pieces hold what an erasure took away; before version 17 nobody but the owner can vacuum.
  `do $$ begin
     if current_setting('server_version_num')::int >= 170000 then
       execute 'grant maintain on order_export_chunks to order_service';
     end if;
   end $$`,
];

/** Export files that any process writes on and any process serves. */
export class Migration0020Exports extends Migration {
  override up(): void {
    for (const statement of STATEMENTS) this.addSql(statement);
  }
}
