import { query, type Transaction } from '../platform/database/transaction.js';
import { isStalled, nextFullAt, nextRunAt } from './schedule-times.js';

export interface ScheduleOwner {
  readonly tokenId: string;
  readonly tenantId: string;
  readonly accountId: string;
}

/** A schedule that has to run now. */
export interface ClaimedSchedule {
  readonly tokenId: string;
  readonly accountId: string;
}

/** What a run of a schedule has to do, and which run it is: an older one changes nothing any more. */
export interface ScheduledRun extends ScheduleOwner {
  readonly startedAt: Date;
  /** Set when the forms of the last days are owed too, beside the journal. */
  readonly fullDueSince: Date | null;
  /** Failures in a row before this run. */
  readonly failures: number;
}

interface WaitingSchedule extends ClaimedSchedule {
  readonly intervalMinutes: number;
  readonly fullIsDue: boolean;
  readonly now: Date;
}

interface DueRow extends ClaimedSchedule {
  readonly enqueuedAt: Date | null;
  readonly leaseUntil: Date | null;
  readonly now: Date;
}

// What a new activation starts from: nothing of an earlier one is shown or owed.
const FRESH = `is_active = true, due_since = null, full_due_since = null, enqueued_at = null, last_run_at = null, last_success_at = null,
  last_error = null, consecutive_failures = 0, created_at = now(), updated_at = now()`;

/** Switches a token's schedule on, its first run due at once; false when it is on already. */
export async function activateSchedule(tx: Transaction, owner: ScheduleOwner, setting: { intervalMinutes: number; held: boolean }): Promise<boolean> {
  const fullAt = nextFullAt(new Date(), Math.random());
  const rows = await query(
    tx,
    `insert into sync_schedules as s (token_id, tenant_id, account_id, is_active, interval_minutes, status, next_run_at, next_full_at)
     values ($1, $2, $3, true, $4, $5, now(), $6)
     on conflict (token_id) do update set ${FRESH}, interval_minutes = excluded.interval_minutes, status = excluded.status,
       next_run_at = excluded.next_run_at, next_full_at = excluded.next_full_at
       where not s.is_active
     returning token_id`,
    [owner.tokenId, owner.tenantId, owner.accountId, setting.intervalMinutes, setting.held ? 'held' : 'idle', fullAt],
  );
  return rows.length > 0;
}

/** Switches a token's schedule off; answers its interval, null when it was not on. */
export async function deactivateSchedule(tx: Transaction, tokenId: string): Promise<number | null> {
  const [row] = await query<{ intervalMinutes: number }>(
    tx,
    `update sync_schedules set is_active = false, status = 'inactive', next_run_at = null, next_full_at = null, due_since = null, full_due_since = null,
       enqueued_at = null, updated_at = now()
     where token_id = $1 and is_active returning interval_minutes as "intervalMinutes"`,
    [tokenId],
  );
  return row?.intervalMinutes ?? null;
}

/**
 * Takes up to `limit` schedules whose time has come and sets their next one. Another process asking at the same moment gets others.
 * A time that comes while a run goes on is owed behind that run.
 */
export async function claimDueSchedules(tx: Transaction, limit: number): Promise<ClaimedSchedule[]> {
  const waiting = await query<WaitingSchedule>(
    tx,
    `select token_id as "tokenId", account_id as "accountId", interval_minutes as "intervalMinutes", coalesce(next_full_at <= now(), false) as "fullIsDue", now()
     from sync_schedules where is_active and next_run_at <= now() order by next_run_at limit $1 for update skip locked`,
    [limit],
  );
  if (waiting.length === 0) return [];
  await query(
    tx,
    `update sync_schedules s set next_run_at = c."nextRunAt", enqueued_at = now(), updated_at = now(),
       status = case when s.status = 'running' then s.status else 'due' end,
       due_since = case when s.status = 'running' then now() else coalesce(s.due_since, now()) end,
       full_due_since = case when c."nextFullAt" is null then s.full_due_since else coalesce(s.full_due_since, now()) end,
       next_full_at = coalesce(c."nextFullAt", s.next_full_at)
     from jsonb_to_recordset($1::jsonb) as c ("tokenId" uuid, "nextRunAt" timestamptz, "nextFullAt" timestamptz) where s.token_id = c."tokenId"`,
    [JSON.stringify(waiting.map(timesOf))],
  );
  return waiting.map(({ tokenId, accountId }) => ({ tokenId, accountId }));
}

function timesOf({ tokenId, intervalMinutes, fullIsDue, now }: WaitingSchedule) {
  return { tokenId, nextRunAt: nextRunAt(now, intervalMinutes, Math.random()), nextFullAt: fullIsDue ? nextFullAt(now, Math.random()) : null };
}

/** Takes up to `limit` schedules that are due and that no queue seems to hold and no process to run. */
export async function claimStalledSchedules(tx: Transaction, limit: number): Promise<ClaimedSchedule[]> {
  const due = await query<DueRow>(
    tx,
    `select s.token_id as "tokenId", s.account_id as "accountId", s.enqueued_at as "enqueuedAt", l.expires_at as "leaseUntil", now()
     from sync_schedules s left join event_log.writer_leases l on l.account_id = s.account_id and l.holder is not null
     where s.is_active and s.due_since is not null order by s.enqueued_at nulls first limit $1 for update of s skip locked`,
    [limit],
  );
  const stalled = due.filter((row) => isStalled(row, row.now));
  if (stalled.length > 0) await query(tx, `update sync_schedules set enqueued_at = now() where token_id = any($1)`, [stalled.map(({ tokenId }) => tokenId)]);
  return stalled.map(({ tokenId, accountId }) => ({ tokenId, accountId }));
}

/** The queue did not take them: the next turn tries again, without waiting until they count as lost. */
export async function noteNotEnqueued(tx: Transaction, tokenIds: readonly string[]): Promise<void> {
  await query(tx, `update sync_schedules set enqueued_at = null where token_id = any($1)`, [tokenIds]);
}

/** Nobody can ask Allegro for the account now; what was due is due again when a token works. */
export async function scheduleHeld(tx: Transaction, tokenId: string): Promise<void> {
  await query(tx, `update sync_schedules set status = 'held', due_since = null, updated_at = now() where token_id = $1 and is_active`, [tokenId]);
}

/** A run of the schedule begins; null when it was switched off meanwhile, and then nothing may be asked. */
export async function scheduleStarted(tx: Transaction, tokenId: string): Promise<ScheduledRun | null> {
  // Milliseconds, so that the instant survives the way through JavaScript and still names this run. It stays due until it has
  // ended: the run of a process that dies is seen as stalled.
  const [run] = await query<ScheduledRun>(
    tx,
    `update sync_schedules s set status = 'running', last_run_at = t.instant, due_since = t.instant, updated_at = now()
     from (select date_trunc('milliseconds', clock_timestamp()) as instant) t where token_id = $1 and is_active
     returning token_id as "tokenId", tenant_id as "tenantId", account_id as "accountId", last_run_at as "startedAt", full_due_since as "fullDueSince",
       consecutive_failures as failures`,
    [tokenId],
  );
  return run ?? null;
}

/** A run came to its end. @param done.full the forms of the last days were read too */
export async function scheduleFinished(tx: Transaction, run: ScheduledRun, done: { full: boolean }): Promise<void> {
  await query(
    tx,
    `update sync_schedules set status = case when due_since > last_run_at then 'due' else 'idle' end,
       due_since = case when due_since > last_run_at then due_since end,
       full_due_since = case when $3 and full_due_since < last_run_at + interval '1 millisecond' then null else full_due_since end,
       last_success_at = now(), last_error = null, consecutive_failures = 0, updated_at = now()
     where token_id = $1 and last_run_at = $2 and is_active and status = 'running'`,
    [run.tokenId, run.startedAt, done.full],
  );
}

/** A run failed: the next one is due at `retryAt`. @param error for the account's owner */
export async function scheduleFailed(tx: Transaction, run: ScheduledRun, retryAt: Date, error: string): Promise<void> {
  await query(
    tx,
    `update sync_schedules set status = 'failing', due_since = null, next_run_at = $3, last_error = $4, consecutive_failures = consecutive_failures + 1,
       updated_at = now()
     where token_id = $1 and last_run_at = $2 and is_active and status = 'running'`,
    [run.tokenId, run.startedAt, retryAt, error],
  );
}

/** Asked by a run every few seconds: false means that nothing more may be asked of Allegro for this schedule. */
export async function isScheduleActive(tx: Transaction, tokenId: string): Promise<boolean> {
  return (await query(tx, `select token_id from sync_schedules where token_id = $1 and is_active`, [tokenId])).length > 0;
}
