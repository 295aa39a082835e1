import type { RestoreTarget } from '../orders/order-restoring.service.js';
import { query, type Transaction } from '../platform/database/transaction.js';
import type { RestorePlan } from './restore-plan.js';

export type NewPlan = Pick<RestorePlan, 'id' | 'accountId' | 'asOf' | 'leftOut' | 'nextAfter' | 'digest' | 'createdBy'> & {
  readonly tenantId: string;
  readonly targets: readonly RestoreTarget[];
  readonly lifeMinutes: number;
};

export async function addPlan(tx: Transaction, plan: NewPlan): Promise<void> {
  const { id, tenantId, accountId, asOf, targets, leftOut, nextAfter, digest, createdBy, lifeMinutes } = plan;
  await query(
    tx,
    `insert into restore_plans (id, tenant_id, account_id, as_of, orders, left_out, next_after, digest, created_by, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, now() + make_interval(mins => $10))`,
    [id, tenantId, accountId, asOf, targets.length, leftOut, nextAfter, digest, createdBy, lifeMinutes],
  );
  const rows = targets.map(({ orderId, streamId, version, tipHash, restoredVersion }) => {
    return { order_id: orderId, stream_id: streamId, version, tip_hash: `\\x${tipHash.toString('hex')}`, restored_version: restoredVersion };
  });
  await query(
    tx,
    `insert into restore_plan_orders (plan_id, order_id, stream_id, version, tip_hash, restored_version)
     select $1, r.* from jsonb_to_recordset($2::jsonb) as r (order_id text, stream_id bigint, version int, tip_hash bytea, restored_version int)`,
    [id, JSON.stringify(rows)],
  );
}

/** Takes the plan, once; false when it was applied or has expired. Commits with the events it causes. */
export async function takePlan(tx: Transaction, planId: string, actor: string): Promise<boolean> {
  const rows = await query(
    tx,
    `update restore_plans set applied_at = now(), applied_by = $2 where id = $1 and applied_at is null and expires_at > now() returning id`,
    [planId, actor],
  );
  return rows.length > 0;
}

/** Deletes plans that expired unapplied; an applied one is the cause its events name and stays. */
export async function removeExpired(tx: Transaction, { days, limit }: { readonly days: number; readonly limit: number }): Promise<number> {
  const rows = await query<{ id: string }>(
    tx,
    `delete from restore_plans where id in (
       select id from restore_plans where applied_at is null and expires_at < now() - make_interval(days => $1) order by expires_at limit $2
       for update skip locked) returning id`,
    [days, limit],
  );
  await query(tx, 'delete from restore_plan_orders where plan_id = any ($1)', [rows.map(({ id }) => id)]);
  return rows.length;
}
