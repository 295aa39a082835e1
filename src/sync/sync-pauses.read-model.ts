import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';

export interface SyncPause {
  readonly id: string;
  /** A token of the account, for the calls that ask for one. */
  readonly tokenId: string;
  readonly causes: readonly { readonly code: string; readonly detail: string }[];
  readonly forms: number;
  readonly waiting: number;
  readonly pausedAt: Date;
  readonly resumedAt: Date | null;
  readonly resumedBy: string | null;
}

/** Pauses of the sync of forms. */
@Injectable()
export class SyncPauses {
  private readonly sellers = new Map<string, string>();

  constructor(private readonly database: Database) {}

  /** The id of the account's open pause; null while its forms are synced. */
  async openOf(accountId: string): Promise<string | null> {
    const [row] = await this.database.query<{ id: string }>(`select id from sync_pauses where account_id = $1 and resumed_at is null`, [accountId]);
    return row?.id ?? null;
  }

  /** Pauses of a tenant's accounts, newest first. */
  async list(tenantId: string, filter: { accountId: string | null; open: boolean }, limit: number): Promise<SyncPause[]> {
    return this.database.query<SyncPause>(
      `select p.id, p.causes, p.forms, p.paused_at as "pausedAt", p.resumed_at as "resumedAt", p.resumed_by as "resumedBy",
         (select t.id from tokens t where t.account_id = p.account_id order by t.is_active desc, t.created_at desc limit 1) as "tokenId",
         (select count(*)::int from quarantine_items q where q.account_id = p.account_id and q.pause_id = p.id and q.status = 'held') as waiting
       from sync_pauses p join accounts a on a.id = p.account_id
       where a.tenant_id = $1 and ($2::bigint is null or a.id = $2) and (not $3 or p.resumed_at is null) order by p.paused_at desc, p.id limit $4`,
      [tenantId, filter.accountId, filter.open, limit],
    );
  }

  /** Allegro's id of the account's seller; it never changes. */
  async sellerOf(accountId: string): Promise<string | null> {
    const known = this.sellers.get(accountId);
    if (known !== undefined) return known;
    const [row] = await this.database.query<{ sellerId: string }>(`select allegro_user_id as "sellerId" from accounts where id = $1`, [accountId]);
    if (row) this.sellers.set(accountId, row.sellerId);
    return row?.sellerId ?? null;
  }
}
