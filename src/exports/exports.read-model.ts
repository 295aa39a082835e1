import { Injectable } from '@nestjs/common';
import { isUUID } from 'class-validator';
import { Database } from '../platform/database/database.js';
import { type ExportFile, type Piece, revivedFilter } from './export-file.js';

const COLUMNS = `e.id, e.tenant_id as "tenantId", e.account_id as "accountId", e.token_id as "tokenId", e.task_id as "taskId", e.format, e.options, e.filters,
  e.created_by as "createdBy", e.orders_done as "ordersDone", e.orders_total as "ordersTotal", e.bytes::float8 as bytes, e.sha256,
  e.snapshot_at as "snapshotAt", e.created_at as "createdAt", e.finished_at as "finishedAt", e.expires_at as "expiresAt",
  case when e.erased_at is not null then 'erased' when e.expires_at <= now() then 'expired' when e.finished_at is not null then 'ready'
    when t.status = 'STARTED' then 'running' when t.status = 'PENDING' then 'waiting' else 'failed' end as state`;
const TABLES = 'order_exports e left join tasks t on t.id = e.task_id';

/** A place in the list of a tenant's exports; microseconds are kept as text. */
export interface ExportPlace {
  readonly createdAt: string;
  readonly id: string;
}

@Injectable()
export class ExportFiles {
  constructor(private readonly database: Database) {}

  /** @param tenantId null: of whichever tenant */
  async find(tenantId: string | null, id: string): Promise<ExportFile | null> {
    if (!isUUID(id, 'loose')) return null;
    const sql = `select ${COLUMNS} from ${TABLES} where e.id = $1 and ($2::text is null or e.tenant_id = $2)`;
    const [row] = await this.database.query<ExportFile & { filters: Record<string, unknown> }>(sql, [id, tenantId]);
    return row ? { ...row, filters: revivedFilter(row.filters) } : null;
  }

  /** Exports of a tenant behind a place, newest first, with the place of each. */
  async page(tenantId: string, { after, limit }: { after: ExportPlace | null; limit: number }): Promise<(ExportFile & { place: string })[]> {
    const rows = await this.database.query<ExportFile & { filters: Record<string, unknown>; place: string }>(
      `select ${COLUMNS}, e.created_at::text as place from ${TABLES}
       where e.tenant_id = $1 and ($2::timestamptz is null or (e.created_at, e.id) < ($2, $3::uuid)) order by e.created_at desc, e.id desc limit $4`,
      [tenantId, after?.createdAt ?? null, after?.id ?? null, limit],
    );
    return rows.map((row) => ({ ...row, filters: revivedFilter(row.filters) }));
  }

  /** How many exports a tenant has, whatever became of them. */
  async count(tenantId: string): Promise<number> {
    const [row] = await this.database.query<{ exports: number }>('select count(*)::int as exports from order_exports where tenant_id = $1', [tenantId]);
    return row?.exports ?? 0;
  }

  /** Stream ids of its orders; null until they were chosen. */
  async members(id: string): Promise<Buffer | null> {
    const [row] = await this.database.query<{ members: Buffer | null }>('select members from order_exports where id = $1', [id]);
    return row?.members ?? null;
  }

  /** The exports of an account that have orders. */
  async ofAccount(accountId: string): Promise<string[]> {
    const sql = 'select id from order_exports where account_id = $1 and erased_at is null and members is not null order by id';
    return (await this.database.query<{ id: string }>(sql, [accountId])).map(({ id }) => id);
  }

  /** The piece that holds this byte of the file. */
  async pieceAt(id: string, byte: number): Promise<Piece | null> {
    const [piece] = await this.database.query<Piece>(
      `select starts_at::float8 as "startsAt", length, sealed from order_export_chunks
       where export_id = $1 and starts_at <= $2 order by starts_at desc limit 1`,
      [id, byte],
    );
    return piece && byte < piece.startsAt + piece.length ? piece : null;
  }
}
