import { Injectable } from '@nestjs/common';
import { readCursor, writeCursor } from '../core/signed-cursor.js';
import { OrderRestoring } from '../orders/order-restoring.service.js';
import { validationFailed } from '../platform/http/http.errors.js';
import { OrderKeys } from '../platform/vault/order-keys.js';
import type { RestorePlanSummaryView, RestorePlanView } from './restore.dto.js';
import { planNotFound } from './restore.errors.js';
import type { RestorePlan } from './restore-plan.js';
import { RestorePlans } from './restore-plans.read-model.js';

/** Plans as people see them; what they would change is read from the log each time, never stored beside it. */
@Injectable()
export class RestorePlanViews {
  constructor(
    private readonly plans: RestorePlans,
    private readonly restoring: OrderRestoring,
    private readonly keys: OrderKeys,
  ) {}

  async list(accountId: string, limit: number): Promise<RestorePlanSummaryView[]> {
    return (await this.plans.list(accountId, limit)).map((plan) => this.summary(plan));
  }

  /** @throws Problem RESTORE_PLAN_NOT_FOUND (404) */
  async page(accountId: string, planId: string, { cursor, limit }: { cursor?: string | undefined; limit: number }): Promise<RestorePlanView> {
    const plan = await this.plans.find(accountId, planId);
    if (!plan) throw planNotFound();
    const targets = await this.plans.targets(planId, this.placeOf(accountId, cursor), limit + 1);
    const shown = targets.slice(0, limit);
    const changes = await this.restoring.changes(accountId, shown);
    const orders = shown.map(({ orderId, version, restoredVersion }, index) => {
      return { order_id: orderId, version, restored_version: restoredVersion, changes: changes[index] ?? [] };
    });
    return { ...this.summary(plan), orders, next_cursor: targets.length > limit ? this.cursorOf(accountId, shown.at(-1)?.orderId ?? null) : null };
  }

  /** The order id a cursor names; '' without one. @throws Problem VALIDATION_FAILED (422) */
  placeOf(accountId: string, cursor: string | undefined): string {
    if (cursor === undefined) return '';
    const place = readCursor(cursor, this.sign(accountId));
    if (typeof place !== 'string') throw validationFailed([{ field: 'cursor', message: 'must be a cursor of a plan of the same account' }]);
    return place;
  }

  cursorOf(accountId: string, place: string | null): string | null {
    return place === null ? null : writeCursor(place, this.sign(accountId));
  }

  private summary(plan: RestorePlan): RestorePlanSummaryView {
    return {
      id: plan.id,
      status: plan.status,
      as_of: plan.asOf.toISOString(),
      orders_to_restore: plan.orders,
      left_out: plan.leftOut,
      hash: plan.digest.toString('hex'),
      created_by: plan.createdBy,
      created_at: plan.createdAt.toISOString(),
      expires_at: plan.expiresAt.toISOString(),
      applied_at: plan.appliedAt?.toISOString() ?? null,
      applied_by: plan.appliedBy,
      next_plan_cursor: this.cursorOf(plan.accountId, plan.nextAfter),
    };
  }

  private sign(accountId: string) {
    return (text: string) => this.keys.keyedHash(`restore-cursor:${accountId}`, text);
  }
}
