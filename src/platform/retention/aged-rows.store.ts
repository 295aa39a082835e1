import { query, type Transaction } from '../database/transaction.js';
import type { FeedPosition } from '../event-log/feed.js';

export interface Batch {
  readonly days: number;
  readonly limit: number;
}

const AGED = (column: string) => `${column} < now() - make_interval(days => $1)`;

/** Ended tasks. One with steps goes after its steps: until then they name it. */
export async function removeTasks(tx: Transaction, { days, limit }: Batch): Promise<number> {
  const rows = await query(
    tx,
    `delete from tasks where id in (
       select t.id from tasks t where ${AGED('t.finished_at')} and t.status in ('SUCCESS', 'FAILURE', 'REVOKED')
         and not exists (select from tasks step where step.parent_task_id = t.id)
       order by t.finished_at limit $2 for update of t skip locked) returning id`,
    [days, limit],
  );
  return rows.length;
}

/**
 * Announcements, oldest first, and for each account the place of the last one that went: a cursor before it has missed something.
 * One that a reader inside the service has not read yet stays; one that is younger than an older place (a clock was set back) stays until its own time.
 */
export async function removeChanges(tx: Transaction, { days, limit }: Batch, readers: readonly FeedPosition[]): Promise<number> {
  const [row] = await query<{ went: number }>(
    tx,
    `with oldest as (select epoch, xid, seq, announced_at from event_log.outbox order by epoch, xid, seq limit $2),
       gone as (
         delete from event_log.outbox o using oldest a where (o.epoch, o.xid, o.seq) = (a.epoch, a.xid, a.seq) and ${AGED('a.announced_at')}
           and not exists (select from unnest($3::int[], $4::text[]::xid8[], $5::bigint[]) r (epoch, xid, seq) where (o.epoch, o.xid, o.seq) > (r.epoch, r.xid, r.seq))
         returning o.account_id, o.epoch, o.xid, o.seq),
       cut as (
         insert into change_cuts as c (account_id, epoch, xid, seq)
         select distinct on (account_id) account_id, epoch, xid, seq from gone order by account_id, epoch desc, xid desc, seq desc
         on conflict (account_id) do update set epoch = excluded.epoch, xid = excluded.xid, seq = excluded.seq, cut_at = now()
         where (c.epoch, c.xid, c.seq) < (excluded.epoch, excluded.xid, excluded.seq))
     select count(*)::int as went from gone`,
    [days, limit, readers.map(({ epoch }) => epoch), readers.map(({ xid }) => xid), readers.map(({ seq }) => seq)],
  );
  return row?.went ?? 0;
}
