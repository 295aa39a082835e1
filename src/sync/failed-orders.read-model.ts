import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import type { OwedReason } from './owed-form.js';

/** One try to read an order. */
export interface FailedTry {
  readonly at: string;
  readonly reason: string;
  readonly error: string;
  readonly allegro_status: number | null;
  readonly trace_id: string | null;
}

/** An order whose form did not land. */
export interface FailedOrder {
  readonly orderId: string;
  readonly reason: OwedReason;
  readonly attempts: number;
  readonly consecutive: number;
  readonly parkedAt: Date | null;
  readonly nextTryAt: Date;
  readonly error: string | null;
  readonly allegroStatus: number | null;
  readonly traceId: string | null;
  readonly owedSince: Date;
  readonly updatedAt: Date;
}

export interface FailedOrderDetail extends FailedOrder {
  readonly tries: readonly FailedTry[];
  readonly answerContentType: string | null;
  readonly keyId: string | null;
  readonly sealed: Buffer | null;
}

const COLUMNS = `order_id as "orderId", reason, attempts, consecutive, parked_at as "parkedAt", next_try_at as "nextTryAt", last_error as error,
  last_status as "allegroStatus", trace_id as "traceId", owed_since as "owedSince", updated_at as "updatedAt"`;
const MATCHES = `account_id = $1 and ($2::text is null or reason = $2)`;

/** The orders an account still owes. */
@Injectable()
export class FailedOrders {
  constructor(private readonly database: Database) {}

  /** Longest owed first. */
  async list(accountId: string, reason: OwedReason | null, page: { limit: number; offset: number }): Promise<{ orders: FailedOrder[]; total: number }> {
    const [orders, counted] = await Promise.all([
      this.database.query<FailedOrder>(`select ${COLUMNS} from owed_forms where ${MATCHES} order by owed_since, order_id limit $3 offset $4`, [
        accountId,
        reason,
        page.limit,
        page.offset,
      ]),
      this.database.query<{ total: number }>(`select count(*)::int as total from owed_forms where ${MATCHES}`, [accountId, reason]),
    ]);
    return { orders, total: counted[0]?.total ?? 0 };
  }

  /** Null when nothing is owed of the order. */
  async find(accountId: string, orderId: string): Promise<FailedOrderDetail | null> {
    const [row] = await this.database.query<FailedOrderDetail>(
      `select ${COLUMNS}, tries, answer_content_type as "answerContentType", answer_key_id as "keyId", answer_sealed as sealed
       from owed_forms where account_id = $1 and order_id = $2`,
      [accountId, orderId],
    );
    return row ?? null;
  }
}
