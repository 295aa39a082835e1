import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';

/** What an account's orders and syncs look like at this moment. */
export interface AccountFigures {
  readonly orders: number;
  /** When a sync last ended well, periodic or asked for; null when none ever did. */
  readonly lastSyncAt: Date | null;
}

export type StatusAxis = 'status' | 'fulfillment_status';

/** Measured figures of accounts. */
@Injectable()
export class AccountFiguresReadModel {
  constructor(private readonly database: Database) {}

  async ofAccount(accountId: string): Promise<AccountFigures> {
    const [figures] = await this.database.query<AccountFigures>(
      `select (select coalesce(sum(orders), 0)::float8 from order_counts where account_id = $1) as orders,
         greatest((select max(last_success_at) from sync_schedules where account_id = $1),
           (select max(sync_completed_at) from sync_runs where account_id = $1 and sync_status = 'COMPLETED')) as "lastSyncAt"`,
      [accountId],
    );
    return figures ?? { orders: 0, lastSyncAt: null };
  }

  async accountsOf(tenantId: string): Promise<string[]> {
    const rows = await this.database.query<{ id: string }>(`select id from accounts where tenant_id = $1`, [tenantId]);
    return rows.map(({ id }) => id);
  }

  /** The values present, each found by one step through the index: the number of orders does not matter. */
  async presentStatuses(accountIds: readonly string[], axis: StatusAxis): Promise<string[]> {
    const next = (after: string) =>
      `(select ${axis} as value from orders o where o.account_id = a.id and o.${axis} is not null${after} order by o.${axis} limit 1)`;
    const rows = await this.database.query<{ value: string }>(
      `select distinct value from unnest($1::bigint[]) as a (id) cross join lateral (
         with recursive present as (
           ${next('')} union all select found.value from present p cross join lateral ${next(` and o.${axis} > p.value`)} found
         ) select value from present
       ) values_of order by value`,
      [accountIds],
    );
    return rows.map(({ value }) => value);
  }
}
