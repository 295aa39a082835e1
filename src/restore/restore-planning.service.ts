import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AccountStreams, type StreamHead } from '../orders/account-streams.read-model.js';
import { OrderRestoring, type RestoreProspect, type RestoreTarget } from '../orders/order-restoring.service.js';
import { Database } from '../platform/database/database.js';
import { orderNotFound } from '../technical-flags/flags.errors.js';
import { digestOf } from './restore-plan.js';
import { nothingToRestore, type RefusedOrder, restoreRefused } from './restore.errors.js';
import { addPlan } from './restore-plans.store.js';

/** Applied in one transaction, which takes about a second then; a larger account takes several plans. */
export const MOST_ORDERS_OF_A_PLAN = 500;
/** Orders rebuilt from the log for one plan: two seconds of reading. */
const MOST_EXAMINED = 2_000;
const PAGE = 100;
/** An hour is enough to read a plan, and little enough that it is still about the same orders. */
const LIFE_MINUTES = 60;

export interface PlanRequest {
  readonly tenantId: string;
  readonly accountId: string;
  readonly asOf: Date;
  /** These orders; null: all of the account that differ, behind `after`. */
  readonly orderIds: readonly string[] | null;
  readonly after: string;
  readonly actor: string;
}

interface Judged {
  readonly head: StreamHead;
  readonly prospect: RestoreProspect;
}

interface Found {
  readonly judged: readonly Judged[];
  readonly nextAfter: string | null;
}

/** Plans what a restore would change, and changes nothing. */
@Injectable()
export class RestorePlanning {
  constructor(
    private readonly streams: AccountStreams,
    private readonly restoring: OrderRestoring,
    private readonly database: Database,
  ) {}

  /**
   * @returns the id of the plan
   * @throws Problem ORDER_NOT_FOUND (404), RESTORE_REFUSED, NOTHING_TO_RESTORE (409)
   */
  async make(request: PlanRequest): Promise<string> {
    const { tenantId, accountId, asOf, actor } = request;
    const { judged, nextAfter } = request.orderIds ? await this.named(request, request.orderIds) : await this.allThatDiffer(request);
    const targets = judged.flatMap(targetOf);
    if (targets.length === 0) throw nothingToRestore(nextAfter);
    const leftOut = judged.filter(({ prospect }) => prospect.kind === 'merged').map(({ head }) => head.orderId);
    const id = randomUUID();
    const digest = digestOf(accountId, asOf, targets);
    const plan = { id, tenantId, accountId, asOf, targets, leftOut, nextAfter, digest, createdBy: actor, lifeMinutes: LIFE_MINUTES };
    await this.database.transaction((tx) => addPlan(tx, plan));
    return id;
  }

  /** Who names orders is told about every one that cannot be put back. */
  private async named({ accountId, asOf }: PlanRequest, orderIds: readonly string[]): Promise<Found> {
    const judged = await this.judge(accountId, orderIds, asOf);
    if (judged.length < orderIds.length) throw orderNotFound();
    const refused = judged.flatMap(refusedOrder);
    if (refused.length > 0) throw restoreRefused(refused);
    return { judged, nextAfter: null };
  }

  /** Orders that were not known then, or that nothing happened to since, are no part of it. */
  private async allThatDiffer({ accountId, asOf, after }: PlanRequest): Promise<Found> {
    const judged: Judged[] = [];
    let examined = 0;
    let nextAfter: string | null = after;
    while (nextAfter !== null && examined < MOST_EXAMINED && judged.length <= MOST_ORDERS_OF_A_PLAN - PAGE) {
      const page = await this.streams.page(accountId, { knownAt: asOf, changedAfter: asOf }, { after: nextAfter, limit: PAGE });
      const found = await this.judge(accountId, page.orderIds, asOf);
      judged.push(...found.filter(({ prospect }) => prospect.kind === 'differs' || prospect.kind === 'merged'));
      examined += Math.max(found.length, 1);
      nextAfter = page.next;
    }
    return { judged, nextAfter };
  }

  private async judge(accountId: string, orderIds: readonly string[], asOf: Date): Promise<Judged[]> {
    const heads = [...(await this.streams.heads(accountId, orderIds)).values()];
    const prospects = await this.restoring.prospects(accountId, heads, asOf);
    return heads.flatMap((head, index) => {
      const prospect = prospects[index];
      return prospect ? [{ head, prospect }] : [];
    });
  }
}

function targetOf({ head, prospect }: Judged): RestoreTarget[] {
  return prospect.kind === 'differs' ? [{ ...head, restoredVersion: prospect.restoredVersion }] : [];
}

function refusedOrder({ head, prospect }: Judged): RefusedOrder[] {
  return prospect.kind === 'unknown_then' || prospect.kind === 'merged' ? [{ order_id: head.orderId, reason: prospect.kind }] : [];
}
