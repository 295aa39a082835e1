import { Injectable } from '@nestjs/common';
import { OrderRestoring, type PreparedRestore, type RestoreTarget } from '../orders/order-restoring.service.js';
import { Database } from '../platform/database/database.js';
import type { Transaction } from '../platform/database/transaction.js';
import type { Head } from '../platform/event-log/heads.js';
import { isLostRace } from '../platform/event-log/lost-race.js';
import { digestOf, type RestorePlan } from './restore-plan.js';
import { ordersChanged, ordersKeepChanging, planNotFound, planUsed, restoredInvoiceIdTaken } from './restore.errors.js';
import { RestorePlans } from './restore-plans.read-model.js';
import { takePlan } from './restore-plans.store.js';
import { MOST_ORDERS_OF_A_PLAN } from './restore-planning.service.js';

/** A race lost means that an order moved, which the next try sees and names; more tries would hide a bug. */
const MAX_TRIES = 3;

/** Applies plans: the events of all orders of a plan and the mark on it are one transaction. */
@Injectable()
export class RestoreApplication {
  constructor(
    private readonly plans: RestorePlans,
    private readonly restoring: OrderRestoring,
    private readonly database: Database,
  ) {}

  /**
   * Puts all orders of the plan back, or none.
   * @throws Problem RESTORE_PLAN_NOT_FOUND (404); RESTORE_PLAN_APPLIED, RESTORE_PLAN_EXPIRED, RESTORE_PLAN_OUTDATED, INVOICE_ID_TAKEN, WRITE_CONFLICT (409)
   */
  async apply(accountId: string, planId: string, actor: string): Promise<RestorePlan> {
    const plan = await this.openPlan(accountId, planId);
    const targets = await this.plans.targets(plan.id, '', MOST_ORDERS_OF_A_PLAN + 1);
    if (!digestOf(accountId, plan.asOf, targets).equals(plan.digest)) throw new Error(`the lines of plan ${plan.id} are not those it was made with`);
    const restores = await this.restoring.prepare(accountId, targets);
    for (let attempt = 1; attempt <= MAX_TRIES; attempt += 1) {
      if (await this.tryApply(plan, restores, actor)) return this.find(accountId, planId);
    }
    throw ordersKeepChanging();
  }

  private async find(accountId: string, planId: string): Promise<RestorePlan> {
    const plan = await this.plans.find(accountId, planId);
    if (!plan) throw planNotFound();
    return plan;
  }

  private async openPlan(accountId: string, planId: string): Promise<RestorePlan> {
    const plan = await this.find(accountId, planId);
    if (plan.status !== 'open') throw planUsed(plan.status);
    return plan;
  }

  /** @returns false when a race was lost */
  private async tryApply(plan: RestorePlan, restores: readonly PreparedRestore[], actor: string): Promise<boolean> {
    try {
      await this.database.transaction((tx) => this.applyIn(tx, plan, restores, actor));
      return true;
    } catch (error) {
      if (isLostRace(error)) return false;
      if (isTakenInvoiceId(error)) throw restoredInvoiceIdTaken(error);
      throw error instanceof NotTaken ? await this.whyNot(plan, error) : error;
    }
  }

  /** The heads are loaded before the first write, as in every append; the mark waits for another application of the same plan. */
  private async applyIn(tx: Transaction, { id, asOf, accountId }: RestorePlan, restores: readonly PreparedRestore[], actor: string): Promise<void> {
    const heads = await this.restoring.load(tx, accountId, restores);
    const moved = restores.filter((restore) => !isStill(restore, heads.get(restore.orderId)));
    if (moved.length > 0 || !(await takePlan(tx, id, actor))) throw new NotTaken(moved.map(({ orderId }) => orderId));
    const at = heads.values().next().value?.clock ?? new Date();
    await this.restoring.append(tx, accountId, restores, { heads, origin: { planId: id, asOf, actor, at } });
  }

  /** An application that came first has moved the orders itself: then that is what is said. */
  private async whyNot({ accountId, id }: RestorePlan, { moved }: NotTaken): Promise<Error> {
    const { status } = await this.find(accountId, id);
    return status === 'open' ? ordersChanged(moved) : planUsed(status);
  }
}

/** Ends the transaction of an application that may not be. */
class NotTaken extends Error {
  constructor(readonly moved: readonly string[]) {
    super('the plan was not taken');
  }
}

function isStill({ version, tipHash }: RestoreTarget, head: Head | undefined): boolean {
  return head?.version === version && head.tipHash?.equals(tipHash) === true;
}

function isTakenInvoiceId(error: unknown): boolean {
  const { code, constraint } = (error ?? {}) as { code?: unknown; constraint?: unknown };
  return code === '23505' && constraint === 'flags_invoice_id';
}
