import { query, type Transaction } from '../platform/database/transaction.js';
import { ERASED } from '../platform/vault/personal-data.js';

export interface KeptAnswer {
  readonly accountId: string;
  readonly orderId: string;
  readonly keyId: string | null;
  readonly sealed: Buffer | null;
  readonly lastError: string | null;
  readonly triesText: string;
}

export interface RunError {
  readonly kind: 'run' | 'schedule';
  readonly id: string;
  readonly text: string;
}

/** Everything owed of an account that holds an answer or an error: a few rows, failures are rare. */
export async function keptAnswers(tx: Transaction, accountId: string): Promise<KeptAnswer[]> {
  return query<KeptAnswer>(
    tx,
    `select account_id as "accountId", order_id as "orderId", answer_key_id as "keyId", answer_sealed as sealed, last_error as "lastError",
       tries::text as "triesText"
     from owed_forms where account_id = $1 and (answer_sealed is not null or last_error is not null)`,
    [accountId],
  );
}

export async function dropAnswer(
  tx: Transaction,
  { accountId, orderId }: KeptAnswer,
  change: { readonly lastError: string | null; readonly dropsAnswer: boolean; readonly dropsTries: boolean },
): Promise<void> {
  await query(
    tx,
    `update owed_forms set last_error = $3, answer_sealed = case when $4 then null else answer_sealed end,
       answer_key_id = case when $4 then null else answer_key_id end, tries = case when $5 then '[]' else tries end
     where account_id = $1 and order_id = $2`,
    [accountId, orderId, change.lastError, change.dropsAnswer, change.dropsTries],
  );
}

/** Texts of errors that syncs of an account left. */
export async function runErrors(tx: Transaction, accountId: string): Promise<RunError[]> {
  return query<RunError>(
    tx,
    `select 'run' as kind, id, error_message as text from sync_runs where account_id = $1 and error_message is not null
     union all select 'schedule', token_id, last_error from sync_schedules where account_id = $1 and last_error is not null`,
    [accountId],
  );
}

export async function blotErrors(tx: Transaction, errors: readonly RunError[]): Promise<void> {
  const ids = (wanted: RunError['kind']) => errors.filter(({ kind }) => kind === wanted).map(({ id }) => id);
  await query(tx, 'update sync_runs set error_message = $2 where id = any ($1::uuid[])', [ids('run'), ERASED]);
  await query(tx, 'update sync_schedules set last_error = $2 where token_id = any ($1::uuid[])', [ids('schedule'), ERASED]);
}
