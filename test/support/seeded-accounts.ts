import { randomUUID } from 'node:crypto';
import type pg from 'pg';

export interface SeededAccount {
  readonly accountId: string;
  readonly tenantId: string;
  /** The first leads. */
  readonly tokenIds: readonly string[];
}

/** An account with working tokens, as rows: for tests that never ask Allegro anything. */
export async function seedAccount(owner: pg.Client, tenantId: string, tokens = 1): Promise<SeededAccount> {
  const { rows } = await owner.query<{ id: string }>(`insert into accounts (tenant_id, environment, allegro_user_id) values ($1, 'sandbox', $2) returning id`, [
    tenantId,
    randomUUID(),
  ]);
  const accountId = rows[0]?.id ?? '';
  const tokenIds = Array.from({ length: tokens }, () => randomUUID());
  for (const [index, tokenId] of tokenIds.entries()) {
    await owner.query(
      `insert into tokens (id, tenant_id, account_id, environment, account_name, state, access_sealed, refresh_sealed, expires_at, created_at)
       values ($1, $2, $3, 'sandbox', $4, 'active', '\\x00', '\\x00', now() + interval '1 day', now() + make_interval(secs => $5))`,
      [tokenId, tenantId, accountId, `shop ${accountId}-${String(index)}`, index],
    );
  }
  await owner.query('update accounts set lead_token_id = $2 where id = $1', [accountId, tokenIds[0]]);
  return { accountId, tenantId, tokenIds };
}
