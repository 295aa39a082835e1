import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Problem } from '../core/problem.js';
import { Database } from '../platform/database/database.js';
import type { Transaction } from '../platform/database/transaction.js';
import type { LiveClaim, Purpose, ShownClaim } from './claim-check.js';
import { claimLost } from './claims.errors.js';
import { ClaimsReadModel } from './claims.read-model.js';
import { type ClaimTimes, loadOrderFlags, lockFlags, releaseClaim, renewClaim, takeClaim } from './claims.store.js';
import { claimedProblem } from './decide-change.js';
import { orderNotFound, writeConflict } from './flags.errors.js';
import type { FlagsState } from './flags.events.js';
import type { OrderFlagsRow } from './order-flags-row.js';

export interface ClaimRequest {
  readonly accountId: string;
  readonly orderId: string;
  readonly purpose: Purpose;
  readonly holder: string;
  readonly ttlSeconds: number;
}

export interface HeldOrder {
  readonly accountId: string;
  readonly orderId: string;
  readonly shown: ShownClaim;
}

export interface Claim extends ClaimTimes {
  readonly leaseId: string;
  /** The claimed order: where the named one was replaced, the one that stands for it. */
  readonly orderId: string;
  readonly purpose: Purpose;
  readonly flags: FlagsState;
}

/** Work leases on orders: exactly one of those who ask gets an order for a purpose, until it gives it back or the time is over. */
@Injectable()
export class Claims {
  constructor(
    private readonly database: Database,
    private readonly readModel: ClaimsReadModel,
  ) {}

  /** @throws Problem ORDER_NOT_FOUND (404), ORDER_CLAIMED (409, retry later) */
  async claim(request: ClaimRequest): Promise<Claim> {
    const row = await this.standing(request.accountId, request.orderId);
    const before = liveClaim(row, request.purpose);
    // Most of those who come too late are told so without waiting for a lock.
    if (before) throw claimedProblem(before, row.now);
    const taken = await this.database.transaction((tx) => take(tx, { ...request, orderId: row.orderId }, row.streamId));
    if ('refusal' in taken) throw taken.refusal;
    return taken;
  }

  /** Prolongs a claim from now on. @throws Problem ORDER_NOT_FOUND (404), CLAIM_LOST (409) */
  async renew({ accountId, orderId, shown }: HeldOrder, ttlSeconds: number): Promise<Date> {
    const { streamId } = await this.standing(accountId, orderId);
    const expiresAt = await this.database.transaction((tx) => renewClaim(tx, streamId, shown, ttlSeconds));
    if (!expiresAt) throw claimLost();
    return expiresAt;
  }

  /** Gives an order back. @returns false when the claim had ended already */
  async release({ accountId, orderId, shown }: HeldOrder): Promise<boolean> {
    const { streamId } = await this.standing(accountId, orderId);
    return this.database.transaction((tx) => releaseClaim(tx, streamId, shown));
  }

  private async standing(accountId: string, orderId: string): Promise<OrderFlagsRow> {
    const row = await this.readModel.standing(accountId, orderId);
    if (!row) throw orderNotFound();
    return row;
  }
}

const liveClaim = (row: OrderFlagsRow, purpose: Purpose): LiveClaim | undefined => row.claims.find((claim) => claim.purpose === purpose);

/** A refusal is a value here: the transaction did nothing wrong. */
async function take(tx: Transaction, request: ClaimRequest, streamId: string): Promise<Claim | { refusal: Problem }> {
  const { accountId, orderId, purpose, holder, ttlSeconds } = request;
  await lockFlags(tx, accountId, [streamId]);
  const leaseId = randomUUID();
  const times = await takeClaim(tx, { streamId, accountId, orderId, purpose, leaseId, holder, ttlSeconds });
  const row = (await loadOrderFlags(tx, [streamId])).get(streamId);
  if (!row) return { refusal: orderNotFound() };
  if (times) return { ...times, leaseId, orderId, purpose, flags: row.state };
  const winner = liveClaim(row, purpose);
  // It ended between the two looks.
  return { refusal: winner ? claimedProblem(winner, row.now) : writeConflict() };
}
