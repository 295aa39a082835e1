import { Problem } from '../core/problem.js';
import type { PlanStatus } from './restore-plan.js';

/** Ids a problem names; the rest of a long list is counted by the plan itself. */
const MOST_NAMED = 100;

/** A plan that does not exist or is another account's: nobody can tell the two apart. */
export const planNotFound = (): Problem => new Problem('RESTORE_PLAN_NOT_FOUND', { status: 404, detail: 'This account has no such plan.' });

export const nothingToRestore = (nextCursor: string | null): Problem =>
  new Problem('NOTHING_TO_RESTORE', {
    status: 409,
    detail: 'No order that this plan could name differs from what it was at that instant.',
    extra: { next_cursor: nextCursor },
  });

export interface RefusedOrder {
  readonly order_id: string;
  readonly reason: 'unknown_then' | 'merged';
}

export const restoreRefused = (orders: readonly RefusedOrder[]): Problem =>
  new Problem('RESTORE_REFUSED', {
    status: 409,
    detail: 'Some of the orders were not known at that instant, or were replaced by another order: nothing is put back to nothing.',
    extra: { orders: orders.slice(0, MOST_NAMED) },
  });

export const planUsed = (status: PlanStatus): Problem =>
  status === 'applied'
    ? new Problem('RESTORE_PLAN_APPLIED', { status: 409, detail: 'The plan was applied already; it is applied once.' })
    : new Problem('RESTORE_PLAN_EXPIRED', { status: 409, detail: 'The plan has expired; make a new one.' });

export const ordersChanged = (orderIds: readonly string[]): Problem =>
  new Problem('RESTORE_PLAN_OUTDATED', {
    status: 409,
    detail: 'Orders of the plan changed after it was made; nothing was put back. Make a new plan.',
    extra: { orders: orderIds.slice(0, MOST_NAMED) },
  });

export const restoredInvoiceIdTaken = (cause: unknown): Problem =>
  new Problem('INVOICE_ID_TAKEN', { status: 409, detail: 'Another order has an invoice id that the plan would give back; nothing was put back.', cause });

export const ordersKeepChanging = (): Problem =>
  new Problem('WRITE_CONFLICT', { status: 409, retry: 'now', detail: 'Other changes to the same orders came first three times; ask again.' });
