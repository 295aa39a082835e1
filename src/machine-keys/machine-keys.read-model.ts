import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';

export interface MachineKey {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly state: 'active' | 'expired' | 'revoked';
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  /** To the minute. */
  readonly lastUsedAt: Date | null;
  readonly rotatedAt: Date | null;
  readonly previousUntil: Date | null;
  readonly revokedAt: Date | null;
  readonly revokedBy: string | null;
}

/** A place in the list; microseconds are kept as text. */
export interface KeyPlace {
  readonly createdAt: string;
  readonly id: string;
}

/** No hash is ever read here. */
const COLUMNS = `id, name, scopes, created_by as "createdBy", created_at as "createdAt", expires_at as "expiresAt", last_used_at as "lastUsedAt",
  rotated_at as "rotatedAt", case when previous_until > now() then previous_until end as "previousUntil", revoked_at as "revokedAt", revoked_by as "revokedBy",
  case when revoked_at is not null then 'revoked' when expires_at <= now() then 'expired' else 'active' end as state`;

/** The machine keys of a tenant. */
@Injectable()
export class MachineKeysReadModel {
  constructor(private readonly database: Database) {}

  /** Newest first, behind a place. */
  async page(tenantId: string, { after, limit }: { after: KeyPlace | null; limit: number }): Promise<(MachineKey & { place: string })[]> {
    return this.database.query(
      `select ${COLUMNS}, created_at::text as place from machine_keys
       where tenant_id = $1 and ($2::timestamptz is null or (created_at, id) < ($2, $3::uuid)) order by created_at desc, id desc limit $4`,
      [tenantId, after?.createdAt ?? null, after?.id ?? null, limit],
    );
  }

  /** null: the tenant has no such key. */
  async find(tenantId: string, id: string): Promise<MachineKey | null> {
    const [row] = await this.database.query<MachineKey>(`select ${COLUMNS} from machine_keys where tenant_id = $1 and id = $2`, [tenantId, id]);
    return row ?? null;
  }
}
