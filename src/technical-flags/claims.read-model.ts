import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import type { Purpose } from './claim-check.js';
import { type LoadedFlagsRow, ORDER_FLAGS, type OrderFlagsRow, orderFlagsOf } from './order-flags-row.js';

/** A claim as others see it; what proves it is its holder's alone. */
export interface HeldClaim {
  /** Its place in the list. */
  readonly place: string;
  readonly orderId: string;
  readonly purpose: Purpose;
  readonly holder: string;
  readonly claimedAt: Date;
  readonly expiresAt: Date;
}

export interface ClaimPage {
  readonly purpose: Purpose | null;
  readonly orderId: string | null;
  /** Behind this place. */
  readonly after: string;
  readonly limit: number;
}

@Injectable()
export class ClaimsReadModel {
  constructor(private readonly database: Database) {}

  /** The claims of an account that live, in the order the orders were first seen. */
  async page(accountId: string, { purpose, orderId, after, limit }: ClaimPage): Promise<HeldClaim[]> {
    return this.database.query<HeldClaim>(
      `select c.stream_id || '.' || c.purpose as place, c.order_id as "orderId", c.purpose, c.holder, c.claimed_at as "claimedAt", c.expires_at as "expiresAt"
       from order_claims c
       where c.account_id = $1 and c.lease_id is not null and c.expires_at > clock_timestamp() and ($2::text is null or c.purpose = $2)
         and ($3::text is null or c.order_id = $3)
         and (c.stream_id, c.purpose) > (split_part($4, '.', 1)::bigint, split_part($4, '.', 2))
       order by c.stream_id, c.purpose limit $5`,
      [accountId, purpose, orderId, after, limit],
    );
  }

  /** The order that stands for the named one; null when the account has no such order. */
  async standing(accountId: string, orderId: string): Promise<OrderFlagsRow | null> {
    const [row] = await this.database.query<LoadedFlagsRow>(
      `${ORDER_FLAGS} where f.stream_id = (select stream_id from event_log.streams where account_id = $1 and order_id = $2)`,
      [accountId, orderId],
    );
    if (!row) return null;
    return row.successor === null ? orderFlagsOf(row) : this.standing(accountId, row.successor);
  }
}
