import { createHash } from 'node:crypto';
import type { RestoreTarget } from '../orders/order-restoring.service.js';

export type PlanStatus = 'open' | 'expired' | 'applied';

/** What an application would change: ids and versions, no values. */
export interface RestorePlan {
  readonly id: string;
  readonly accountId: string;
  readonly asOf: Date;
  readonly status: PlanStatus;
  /** How many orders it puts back. */
  readonly orders: number;
  /** Orders it leaves as they are because another one replaced them. */
  readonly leftOut: readonly string[];
  /** The plan ends before this account does: the next one goes on behind this order id. */
  readonly nextAfter: string | null;
  /** Of every line: what it was computed from. */
  readonly digest: Buffer;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly appliedAt: Date | null;
  readonly appliedBy: string | null;
}

/** What a plan was computed from: the state of every stream it names (its tip covers all events before it), and where each goes back to. */
export function digestOf(accountId: string, asOf: Date, targets: readonly RestoreTarget[]): Buffer {
  const lines = targets.map(({ orderId, version, tipHash, restoredVersion }) => [orderId, version, tipHash.toString('hex'), restoredVersion]);
  const sorted = lines.map((line) => JSON.stringify(line)).sort();
  return createHash('sha256')
    .update([accountId, asOf.toISOString(), ...sorted].join('\n'))
    .digest();
}
