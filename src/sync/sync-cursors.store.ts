import { query, type Transaction } from '../platform/database/transaction.js';

/** Remembers where the journal stood when the account was first synced; a start point set before is kept. */
export async function insertStartPoint(tx: Transaction, accountId: string, start: { eventId: string | null; at: Date; historyFrom: Date }): Promise<void> {
  await query(
    tx,
    `insert into sync_cursors (account_id, start_event_id, started_at, history_from, last_event_id) values ($1, $2, $3, $4, $2)
     on conflict (account_id) do nothing`,
    [accountId, start.eventId, start.at, start.historyFrom],
  );
}

/** The history is in up to `until`. */
export async function advanceHistory(tx: Transaction, accountId: string, until: Date): Promise<void> {
  await query(tx, `update sync_cursors set history_from = greatest(history_from, $2), updated_at = now() where account_id = $1`, [accountId, until]);
}

/** The history has to be read again from `from` on: the journal cannot tell what happened meanwhile. */
export async function reopenHistory(tx: Transaction, accountId: string, from: Date): Promise<void> {
  await query(tx, `update sync_cursors set history_from = $2, history_done_at = null, started_at = now(), updated_at = now() where account_id = $1`, [
    accountId,
    from,
  ]);
}

export async function finishHistory(tx: Transaction, accountId: string, at: Date): Promise<void> {
  await query(tx, `update sync_cursors set history_from = null, history_done_at = $2, updated_at = now() where account_id = $1`, [accountId, at]);
}

/** Moves the cursor to `eventId`, never backwards; must commit together with the events it passes. */
export async function advanceCursor(tx: Transaction, accountId: string, eventId: string): Promise<void> {
  await query(
    tx,
    `update sync_cursors set last_event_id = $2, updated_at = now()
     where account_id = $1 and (last_event_id is null or lpad(last_event_id, 40, '0') < lpad($2, 40, '0'))`,
    [accountId, eventId],
  );
}

/** Keeps `eventId` (the cursor of now) as the place from which a later run reads again. */
export async function keepOverlap(tx: Transaction, accountId: string, eventId: string | null): Promise<void> {
  await query(tx, `update sync_cursors set overlap_event_id = $2, overlap_read_at = now(), updated_at = now() where account_id = $1`, [accountId, eventId]);
}
