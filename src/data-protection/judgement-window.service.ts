import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import { query, type Transaction } from '../platform/database/transaction.js';
import { type JudgedCounts, NOTHING_JUDGED } from './batch-breaker.js';

/** What judging an account's batches came to of late, whichever process judged them. */
@Injectable()
export class JudgementWindow {
  constructor(private readonly database: Database) {}

  async since(accountId: string, from: Date): Promise<JudgedCounts> {
    const [row] = await this.database.query<JudgedCounts>(
      `select coalesce(sum(judged), 0)::int as judged, coalesce(sum(held), 0)::int as held, coalesce(sum(cancelled), 0)::int as cancelled,
         coalesce(sum(foreign_ids), 0)::int as foreign
       from sync_judgements where account_id = $1 and minute >= $2`,
      [accountId, from],
    );
    return row ?? NOTHING_JUDGED;
  }

  /** Adds a batch; what is older than the window is dropped on the way. */
  async add(tx: Transaction, accountId: string, counts: JudgedCounts, windowMinutes: number): Promise<void> {
    if (counts.judged + counts.foreign === 0) return;
    await query(
      tx,
      `insert into sync_judgements as j (account_id, minute, judged, held, cancelled, foreign_ids) values ($1, date_trunc('minute', now()), $2, $3, $4, $5)
       on conflict (account_id, minute) do update set judged = j.judged + excluded.judged, held = j.held + excluded.held,
         cancelled = j.cancelled + excluded.cancelled, foreign_ids = j.foreign_ids + excluded.foreign_ids`,
      [accountId, counts.judged, counts.held, counts.cancelled, counts.foreign],
    );
    await query(tx, `delete from sync_judgements where account_id = $1 and minute < now() - make_interval(mins => $2)`, [accountId, windowMinutes]);
  }

  /** A person has looked at it: what came before counts no more. */
  async forget(tx: Transaction, accountId: string): Promise<void> {
    await query(tx, `delete from sync_judgements where account_id = $1`, [accountId]);
  }
}
