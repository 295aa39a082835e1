import { query, type Transaction } from '../platform/database/transaction.js';

export interface NewPause {
  readonly id: string;
  readonly accountId: string;
  readonly causes: readonly { readonly code: string; readonly detail: string }[];
  /** How many forms the batch held. */
  readonly forms: number;
}

/** Pauses an account's sync of forms; an account that is paused already stays as it is. */
export async function openPause(tx: Transaction, pause: NewPause): Promise<void> {
  await query(
    tx,
    `insert into sync_pauses (id, account_id, causes, forms) values ($1, $2, $3, $4) on conflict (account_id) where resumed_at is null do nothing`,
    [pause.id, pause.accountId, JSON.stringify(pause.causes), pause.forms],
  );
}

/** Ends the open pause; answers its id, null when there is none. What was put aside meanwhile is due at once. */
export async function closePause(tx: Transaction, accountId: string, actor: string): Promise<string | null> {
  const [row] = await query<{ id: string }>(
    tx,
    `update sync_pauses set resumed_at = now(), resumed_by = $2 where account_id = $1 and resumed_at is null returning id`,
    [accountId, actor],
  );
  if (row) await query(tx, `update owed_forms set next_try_at = now() where account_id = $1 and reason = 'dirty'`, [accountId]);
  return row?.id ?? null;
}
