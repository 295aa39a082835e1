import { query, type Transaction } from '../platform/database/transaction.js';
import { isLostRace } from '../platform/event-log/lost-race.js';
import { accountNameTaken } from './tokens.errors.js';

/** Columns an owner may change; undefined leaves them. */
export interface TokenPatch {
  readonly accountName: string | undefined;
  readonly expiresAt: Date | undefined;
}

/** @throws Problem ACCOUNT_NAME_TAKEN when another live token has the name */
export async function patchToken(tx: Transaction, tokenId: string, patch: TokenPatch): Promise<void> {
  try {
    await query(
      tx,
      `update tokens set account_name = coalesce($2, account_name), expires_at = coalesce($3, expires_at), updated_at = now() where id = $1`,
      [tokenId, patch.accountName ?? null, patch.expiresAt ?? null],
    );
  } catch (error) {
    if (patch.accountName !== undefined && isLostRace(error)) throw accountNameTaken(patch.accountName);
    throw error;
  }
}

/** Whether another live token of the tenant has the name. */
export async function isNameHeld(tx: Transaction, token: { id: string; tenantId: string }, accountName: string): Promise<boolean> {
  const rows = await query(tx, `select id from tokens where tenant_id = $1 and account_name = $2 and state <> 'deactivated' and id <> $3`, [
    token.tenantId,
    accountName,
    token.id,
  ]);
  return rows.length > 0;
}
