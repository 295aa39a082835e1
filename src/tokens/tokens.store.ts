import { query, type Transaction } from '../platform/database/transaction.js';

/** Columns an owner may change; undefined leaves them. */
export interface TokenPatch {
  readonly accountName?: string | undefined;
  readonly expiresAt?: Date | undefined;
}

/** Writes what an owner changed; the name of a live token is unique. */
export async function patchToken(tx: Transaction, tokenId: string, patch: TokenPatch): Promise<void> {
  await query(tx, `update tokens set account_name = coalesce($2, account_name), expires_at = coalesce($3, expires_at), updated_at = now() where id = $1`, [
    tokenId,
    patch.accountName ?? null,
    patch.expiresAt ?? null,
  ]);
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
