import { query, type Transaction } from '../platform/database/transaction.js';

export interface DueSweep {
  readonly accountId: string;
  readonly tenantId: string;
  readonly kind: 'daily' | 'weekly';
}

/** Accounts whose history is in get their first sweeps, spread over the day and the week. */
export async function scheduleNewAccounts(tx: Transaction): Promise<void> {
  await query(
    tx,
    `insert into sweep_schedules (account_id, next_daily_at, next_weekly_at)
     select c.account_id, now() + (0.1 + 0.9 * random()) * interval '1 day', now() + (0.1 + 0.9 * random()) * interval '7 days'
     from sync_cursors c where c.history_done_at is not null and not exists (select from sweep_schedules s where s.account_id = c.account_id)
     on conflict (account_id) do nothing`,
  );
}

/** Takes due accounts and sets their next times, a tenth earlier or later so that they do not march in step. A weekly sweep covers the daily one. */
export async function claimDueSweeps(tx: Transaction, limit: number): Promise<DueSweep[]> {
  return query<DueSweep>(
    tx,
    `with due as (
       select account_id, next_weekly_at <= now() as weekly from sweep_schedules where least(next_daily_at, next_weekly_at) <= now()
       order by least(next_daily_at, next_weekly_at) limit $1 for update skip locked)
     update sweep_schedules s set next_daily_at = now() + (0.9 + 0.2 * random()) * interval '1 day',
       next_weekly_at = case when d.weekly then now() + (0.9 + 0.2 * random()) * interval '7 days' else s.next_weekly_at end
     from due d join accounts a on a.id = d.account_id where s.account_id = d.account_id
     returning s.account_id as "accountId", a.tenant_id as "tenantId", case when d.weekly then 'weekly' else 'daily' end as kind`,
    [limit],
  );
}

/** The account's whole list is swept as soon as somebody can. */
export async function sweepSoon(tx: Transaction, accountId: string): Promise<void> {
  await query(
    tx,
    `insert into sweep_schedules as s (account_id, next_daily_at, next_weekly_at) values ($1, now(), now())
     on conflict (account_id) do update set next_weekly_at = now()`,
    [accountId],
  );
}
