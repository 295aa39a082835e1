import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';

/** Above the renewal interval three times over, below the half minute in which a killed worker's work must be resumed. */
export const LEASE_SECONDS = 12;

export interface WriterLease {
  readonly accountId: string;
  readonly holder: string;
  readonly generation: string;
}

/** Who may write for an account now: at most one holder at a time, over all processes and queues. Appends are fenced by the generation. */
@Injectable()
export class WriterLeases {
  constructor(private readonly database: Database) {}

  /** Claims the account for `holder` by compare-and-set; null while another holder's lease runs. */
  async claim(accountId: string, holder: string): Promise<WriterLease | null> {
    const [row] = await this.database.query<{ generation: string }>(
      `insert into event_log.writer_leases as l (account_id, generation, holder, expires_at) values ($1, 1, $2, now() + make_interval(secs => $3))
       on conflict (account_id) do update set generation = l.generation + 1, holder = excluded.holder, expires_at = excluded.expires_at
         where l.holder is null or l.expires_at < now()
       returning generation`,
      [accountId, holder, LEASE_SECONDS],
    );
    return row ? { accountId, holder, generation: row.generation } : null;
  }

  /** Prolongs the lease; false when it was lost, and then nothing may be written any more. */
  async renew(lease: WriterLease): Promise<boolean> {
    const rows = await this.database.query(
      `update event_log.writer_leases set expires_at = now() + make_interval(secs => $4)
       where account_id = $1 and generation = $2 and holder = $3 returning account_id`,
      [lease.accountId, lease.generation, lease.holder, LEASE_SECONDS],
    );
    return rows.length === 1;
  }

  /** Gives the lease back; that of another generation is left alone. */
  async release(lease: WriterLease): Promise<void> {
    await this.database.query(`update event_log.writer_leases set holder = null, expires_at = null where account_id = $1 and generation = $2 and holder = $3`, [
      lease.accountId,
      lease.generation,
      lease.holder,
    ]);
  }
}
