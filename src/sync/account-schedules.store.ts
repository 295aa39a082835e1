import { query, type Transaction } from '../platform/database/transaction.js';
import { activateSchedule, deactivateSchedule, type ScheduleOwner } from './sync-schedules.store.js';

interface Successor {
  readonly id: string;
  readonly works: boolean;
}

/** Whether a token may have a schedule, and whether its account has a token that can ask Allegro now. */
export async function placeOfToken(tx: Transaction, tokenId: string): Promise<{ isLive: boolean; accountWorks: boolean }> {
  const [place] = await query<{ isLive: boolean; accountWorks: boolean }>(
    tx,
    `select t.state in ('active', 'needs_reauth') as "isLive", coalesce(l.state = 'active', false) as "accountWorks"
     from tokens t join accounts a on a.id = t.account_id left join tokens l on l.id = a.lead_token_id where t.id = $1`,
    [tokenId],
  );
  return place ?? { isLive: false, accountWorks: false };
}

/** The token that takes a schedule over: the working leader, else a working one, else one that waits for its seller; the oldest of them. */
async function successorOf(tx: Transaction, owner: ScheduleOwner, leaderId: string | null): Promise<Successor | null> {
  const [row] = await query<Successor>(
    tx,
    `select id, state = 'active' as works from tokens where account_id = $1 and id <> $2 and state in ('active', 'needs_reauth')
     order by state = 'active' desc, id = $3 desc nulls last, created_at, id limit 1`,
    [owner.accountId, owner.tokenId, leaderId],
  );
  return row ?? null;
}

/**
 * Stops the schedule of a token that is gone. Another live token of its account goes on with the same interval, unless it has a
 * schedule of its own.
 */
export async function passScheduleOn(tx: Transaction, owner: ScheduleOwner, leaderId: string | null): Promise<void> {
  const intervalMinutes = await deactivateSchedule(tx, owner.tokenId);
  if (intervalMinutes === null) return;
  const successor = await successorOf(tx, owner, leaderId);
  if (!successor) return;
  await activateSchedule(tx, { ...owner, tokenId: successor.id }, { intervalMinutes, held: !successor.works });
}

/** No token of the account works: its schedules wait. */
export async function holdSchedules(tx: Transaction, accountId: string): Promise<void> {
  await query(tx, `update sync_schedules set status = 'held', due_since = null, updated_at = now() where account_id = $1 and is_active`, [accountId]);
}

/** A token of the account works again: what was held is due at once. */
export async function resumeSchedules(tx: Transaction, accountId: string): Promise<void> {
  await query(
    tx,
    `update sync_schedules set status = 'idle', next_run_at = now(), updated_at = now() where account_id = $1 and is_active and status = 'held'`,
    [accountId],
  );
}
