import { Injectable } from '@nestjs/common';
import { isUUID } from 'class-validator';
import type { RestoreTarget } from '../orders/order-restoring.service.js';
import { Database } from '../platform/database/database.js';
import type { RestorePlan } from './restore-plan.js';

const COLUMNS = `id, account_id as "accountId", as_of as "asOf", orders, left_out as "leftOut", next_after as "nextAfter", digest, created_by as "createdBy",
  created_at as "createdAt", expires_at as "expiresAt", applied_at as "appliedAt", applied_by as "appliedBy",
  case when applied_at is not null then 'applied' when expires_at <= now() then 'expired' else 'open' end as status`;

@Injectable()
export class RestorePlans {
  constructor(private readonly database: Database) {}

  /** Newest first. */
  async list(accountId: string, limit: number): Promise<RestorePlan[]> {
    return this.database.query<RestorePlan>(`select ${COLUMNS} from restore_plans where account_id = $1 order by created_at desc, id desc limit $2`, [
      accountId,
      limit,
    ]);
  }

  /** null for a plan that does not exist or is another account's. */
  async find(accountId: string, id: string): Promise<RestorePlan | null> {
    if (!isUUID(id, 'loose')) return null;
    const [plan] = await this.database.query<RestorePlan>(`select ${COLUMNS} from restore_plans where account_id = $1 and id = $2`, [accountId, id]);
    return plan ?? null;
  }

  /** Orders of a plan by id, behind `after` ('' for the first). A plan names some hundred at most. */
  async targets(planId: string, after: string, limit: number): Promise<RestoreTarget[]> {
    return this.database.query<RestoreTarget>(
      `select order_id as "orderId", stream_id as "streamId", version, tip_hash as "tipHash", restored_version as "restoredVersion"
       from restore_plan_orders where plan_id = $1 and order_id > $2 order by order_id limit $3`,
      [planId, after, limit],
    );
  }
}
