import { query, type Transaction } from '../platform/database/transaction.js';
import type { NameHolder } from './name-reservation.js';

export interface HolderRow extends NameHolder {
  readonly id: string;
  readonly accountId: string | null;
}

/** Whether an error says that another live token took the name this instant. */
export function isNameTaken(error: unknown): boolean {
  const { code, constraint } = (error ?? {}) as { code?: unknown; constraint?: unknown };
  return code === '23505' && constraint === 'tokens_live_name';
}

/** A name while Allegro is asked; extended to the life of the device code once there is one. */
export const RESERVATION_SECONDS = 60;

/** The live token under a name, locked until the transaction ends. */
export async function lockNameHolder(tx: Transaction, tenantId: string, accountName: string): Promise<HolderRow | null> {
  const [row] = await query<HolderRow>(
    tx,
    `select id, state, account_id as "accountId", coalesce(reserved_until > now(), false) as reserved
     from tokens where tenant_id = $1 and account_name = $2 and state <> 'deactivated' for update`,
    [tenantId, accountName],
  );
  return row ?? null;
}

/** The account the name last stood for in this environment: a deleted token's name goes on meaning its seller. */
export async function accountLastNamed(tx: Transaction, owner: { tenantId: string; environment: string }, accountName: string): Promise<string | null> {
  const [row] = await query<{ accountId: string }>(
    tx,
    `select account_id as "accountId" from tokens
     where tenant_id = $1 and environment = $2 and account_name = $3 and account_id is not null order by created_at desc, id desc limit 1`,
    [owner.tenantId, owner.environment, accountName],
  );
  return row?.accountId ?? null;
}

/** Reserves a free name with a row that waits for its seller; false when somebody took it this instant. */
export async function insertLinking(tx: Transaction, row: { id: string; tenantId: string; environment: string; accountName: string }): Promise<boolean> {
  const rows = await query(
    tx,
    `insert into tokens (id, tenant_id, environment, account_name, state, reserved_until)
     values ($1, $2, $3, $4, 'linking', now() + make_interval(secs => $5))
     on conflict (tenant_id, account_name) where state <> 'deactivated' do nothing returning id`,
    [row.id, row.tenantId, row.environment, row.accountName, RESERVATION_SECONDS],
  );
  return rows.length > 0;
}

/** Holds a name for a consent that is awaited. */
export async function holdName(tx: Transaction, tokenId: string, seconds: number): Promise<void> {
  await query(tx, `update tokens set reserved_until = now() + make_interval(secs => $2), updated_at = now() where id = $1`, [tokenId, seconds]);
}

/** Frees the name of a link that came to nothing; a token that only waited for a new consent stays as it was. */
export async function releaseName(tx: Transaction, tokenId: string): Promise<void> {
  await query(
    tx,
    `update tokens set state = case when state = 'linking' then 'deactivated' else state end,
       state_reason = case when state = 'linking' then 'link_abandoned' else state_reason end,
       access_sealed = case when state = 'linking' then null else access_sealed end,
       refresh_sealed = case when state = 'linking' then null else refresh_sealed end,
       reserved_until = null, updated_at = now()
     where id = $1 and state in ('linking', 'needs_reauth')`,
    [tokenId],
  );
}
