import { query, type Transaction } from '../platform/database/transaction.js';
import type { SealedPair } from './pair-vault.service.js';
import type { TokenChange } from './plan-token-change.js';
import type { TokenState } from './token-state.js';

/** Who a seller is, as Allegro's `/me` says. */
export interface SellerIdentity {
  readonly id: string;
  readonly login: string | null;
  readonly baseMarketplace: string | null;
}

/** The account of a seller within a tenant; created at the first consent, never again. @returns its id */
export async function ensureAccount(tx: Transaction, owner: { tenantId: string; environment: string }, seller: SellerIdentity): Promise<string> {
  const [row] = await query<{ id: string }>(
    tx,
    `insert into accounts (tenant_id, environment, allegro_user_id, login, base_marketplace) values ($1, $2, $3, $4, $5)
     on conflict (tenant_id, environment, allegro_user_id) do update
       set login = coalesce(excluded.login, accounts.login), base_marketplace = coalesce(excluded.base_marketplace, accounts.base_marketplace),
         updated_at = now()
     returning id`,
    [owner.tenantId, owner.environment, seller.id, seller.login, seller.baseMarketplace],
  );
  if (!row) throw new Error('an account that was written is not there');
  return row.id;
}

/** What a token is given along with its state. */
export interface StateExtras {
  readonly pair?: SealedPair;
  readonly accountName?: string;
}

function expectedValues(expect: TokenChange['expect']): unknown[] {
  return [expect?.generation ?? null, expect?.leaseId ?? null];
}

function pairValues(pair: SealedPair | undefined): unknown[] {
  return pair ? [pair.access, pair.refresh, pair.expiresInSeconds, pair.scope] : [null, null, 0, null];
}

/** Puts a token into a state, with a pair or a name when one came along; false when it is not where the change starts from any more. */
export async function setTokenState(tx: Transaction, change: TokenChange, from: TokenState, extras: StateExtras): Promise<boolean> {
  const { pair, accountName } = extras;
  const rows = await query(
    tx,
    `update tokens set state = $3, state_reason = $4, account_id = $5, updated_at = now(), reserved_until = null,
       lease_id = null, lease_until = null, retry_at = null, refresh_failures = 0,
       generation = generation + (case when $8::bytea is null then 0 else 1 end),
       access_sealed = coalesce($8, access_sealed), refresh_sealed = coalesce($9, refresh_sealed),
       expires_at = case when $8::bytea is null then expires_at else now() + make_interval(secs => $10) end,
       account_name = coalesce($12, account_name), scope = coalesce($11, scope), refreshed_at = case when $8::bytea is null then refreshed_at else now() end
     where id = $1 and state = $2 and ($6::bigint is null or generation = $6) and ($7::uuid is null or lease_id = $7) returning id`,
    [change.tokenId, from, change.to, change.reason, change.accountId, ...expectedValues(change.expect), ...pairValues(pair), accountName ?? null],
  );
  return rows.length > 0;
}

/** Stores who leads an account, and that its tokens changed; false when another change of the account came first. */
export async function moveLead(tx: Transaction, account: { id: string; leadGeneration: string }, leaderId: string | null): Promise<boolean> {
  const rows = await query(
    tx,
    `update accounts set lead_token_id = $3, lead_generation = lead_generation + 1, updated_at = now()
     where id = $1 and lead_generation = $2 returning id`,
    [account.id, account.leadGeneration, leaderId],
  );
  return rows.length > 0;
}
