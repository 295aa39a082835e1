import { query, type Transaction } from '../platform/database/transaction.js';
import type { SealedPair } from './pair-vault.service.js';
import { LEASE_SECONDS } from './refresh-decision.js';

export interface LeaseClaim {
  readonly tokenId: string;
  readonly generation: string;
  readonly leaseId: string;
}

/** Takes the right to spend the refresh token of this generation; false when another process has it or the pair moved on. */
export async function claimLease(tx: Transaction, claim: LeaseClaim): Promise<boolean> {
  const rows = await query(
    tx,
    `update tokens set lease_id = $3, lease_until = now() + make_interval(secs => $4), retry_at = null
     where id = $1 and generation = $2 and state = 'active' and (lease_until is null or lease_until <= now()) returning id`,
    [claim.tokenId, claim.generation, claim.leaseId, LEASE_SECONDS],
  );
  return rows.length > 0;
}

/**
 * Stores a new pair in place of the one of `generation`, and ends whatever lease there is.
 * False when another pair has been stored since.
 */
export async function replacePair(tx: Transaction, at: { tokenId: string; generation: string }, pair: SealedPair): Promise<boolean> {
  const rows = await query(
    tx,
    `update tokens set access_sealed = $3, refresh_sealed = $4, expires_at = now() + make_interval(secs => $5), scope = $6,
       generation = generation + 1, refreshed_at = now(), updated_at = now(),
       lease_id = null, lease_until = null, refresh_failures = 0, retry_at = null
     where id = $1 and generation = $2 returning id`,
    [at.tokenId, at.generation, pair.access, pair.refresh, pair.expiresInSeconds, pair.scope],
  );
  return rows.length > 0;
}

/** Gives a lease back after a failure that says nothing about the token; the refresh is due again after `delaySeconds`. */
export async function postponeRefresh(tx: Transaction, lease: { tokenId: string; leaseId: string }, delaySeconds: number): Promise<void> {
  await query(
    tx,
    `update tokens set lease_id = null, lease_until = null, refresh_failures = refresh_failures + 1,
       retry_at = now() + make_interval(secs => $3)
     where id = $1 and lease_id = $2`,
    [lease.tokenId, lease.leaseId, delaySeconds],
  );
}
